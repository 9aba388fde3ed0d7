// EXPECT: deny | category: escape
// a scheduler by a continuation
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N636;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Task.CompletedTask.ContinueWith(_ => { }, TaskScheduler.Default);
        return new HttpResponseMessage();
    }
}
