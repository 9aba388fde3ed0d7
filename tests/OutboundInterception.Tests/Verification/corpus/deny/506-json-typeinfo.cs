// EXPECT: deny | category: escape
// JsonTypeInfo.CreateObject
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N506;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.Text.Json.JsonSerializerOptions.Default.GetTypeInfo(typeof(HttpClient)).CreateObject!();
        return new HttpResponseMessage();
    }
}

