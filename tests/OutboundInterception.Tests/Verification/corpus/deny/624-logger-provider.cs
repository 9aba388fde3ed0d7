// EXPECT: deny | category: escape
// a provider of loggers
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N624;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = nameof(Provider);
        return new HttpResponseMessage();
    }
}
internal sealed class Provider : Microsoft.Extensions.Logging.ILoggerProvider { public Microsoft.Extensions.Logging.ILogger CreateLogger(string name) => throw new Exception(); public void Dispose() { } }
