// EXPECT: allow | category: benign
// pattern matching of all kinds
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N411;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); object o = request; _ = o switch { null => 0, HttpRequestMessage { Method.Method: "GET", RequestUri: { Scheme: "https" } u } when u.Port > 0 => 1, string { Length: > 3 and < 10 } s => s.Length, int and (1 or 2) => 2, (int x, int y) => x + y, not null => 3 };
        return new HttpResponseMessage();
    }
}

