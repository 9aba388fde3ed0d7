// EXPECT: deny | category: escape
// DefaultJsonTypeInfoResolver
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N507;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver();
        return new HttpResponseMessage();
    }
}

