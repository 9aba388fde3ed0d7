// EXPECT: deny | category: escape
// a derived type that only the run time knows
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text.Json.Serialization.Metadata;
namespace Deny.N600;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var options = new JsonPolymorphismOptions(); options.DerivedTypes.Add(new JsonDerivedType(new object().GetType(), "a"));
        return new HttpResponseMessage();
    }
}
