using OutboundInterception;

namespace Smuggler;

/// <summary>A customer's handler that wants a socket of its own, and has heard that reflection helps.</summary>
public sealed class SmugglerHandler : ITenantHandler
{
    public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
    {
        object socket = Activator.CreateInstance(Type.GetType("System.Net.Sockets.TcpClient, System.Net.Sockets")!)!;
        return Task.FromResult(new HttpResponseMessage { Content = new StringContent(socket.ToString()!) });
    }
}
