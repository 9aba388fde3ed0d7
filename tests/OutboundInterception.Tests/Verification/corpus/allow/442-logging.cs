// EXPECT: allow | category: benign
// ILogger scopes, LoggerMessage.Define, generic logger
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using Microsoft.Extensions.Logging;
namespace Allow.N442;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); Microsoft.Extensions.Logging.ILogger<Tenant> l = Microsoft.Extensions.Logging.Abstractions.NullLogger<Tenant>.Instance; using (l.BeginScope("x")) { l.LogWarning(new EventId(1), "a {B}", 2); Say(l, "x", null); } if (l.IsEnabled(LogLevel.Debug)) l.Log(LogLevel.Debug, "x");
        return new HttpResponseMessage();
    }
    private static readonly Action<ILogger, string, Exception?> Say = LoggerMessage.Define<string>(LogLevel.Information, new EventId(2), "hi {Name}");
}

