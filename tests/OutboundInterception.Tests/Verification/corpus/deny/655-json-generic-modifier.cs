// EXPECT: deny | category: escape
// a contract's own maker calls a banned constructor
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text.Json; using System.Text.Json.Serialization; using System.Text.Json.Serialization.Metadata;
namespace Deny.N655;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var options = new JsonSerializerOptions { TypeInfoResolver = JsonSerializerOptions.Default.TypeInfoResolver!.WithAddedModifier(info => info.CreateObject = () => new HttpClient()) }; _ = options;
        return new HttpResponseMessage();
    }
}
