// EXPECT: deny | category: escape
// a generated contract of a client
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text.Json; using System.Text.Json.Serialization; using System.Text.Json.Serialization.Metadata;
namespace Deny.N654;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Context.Default.Dto;
        return new HttpResponseMessage();
    }
}
internal sealed class Dto { public HttpClient? Client { get; set; } } [JsonSerializable(typeof(Dto))] internal sealed partial class Context : JsonSerializerContext;
