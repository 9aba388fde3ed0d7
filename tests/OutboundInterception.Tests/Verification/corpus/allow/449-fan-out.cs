// EXPECT: allow | category: benign
// several requests at once, in order of their end
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Linq;
namespace Allow.N449;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        var tasks = new[] { "a", "b" }.Select(id => context.Http.GetStringAsync($"https://api.example.com/{Uri.EscapeDataString(id)}", ct)).ToList(); await foreach (var done in Task.WhenEach(tasks)) _ = (await done).Length; _ = await Task.WhenAny(tasks); var all = await Task.WhenAll(tasks); await Parallel.ForEachAsync(all, ct, async (item, token) => { await Task.Yield(); _ = item.Length; });
        return new HttpResponseMessage();
    }
}
