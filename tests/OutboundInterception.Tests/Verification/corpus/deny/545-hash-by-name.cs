// EXPECT: deny | category: escape
// HashAlgorithm.Create(string)
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N545;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.Security.Cryptography.HashAlgorithm.Create("System.Net.Sockets.TcpClient, System.Net.Sockets");
        return new HttpResponseMessage();
    }
}

