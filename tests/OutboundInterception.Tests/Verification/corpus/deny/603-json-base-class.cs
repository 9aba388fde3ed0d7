// EXPECT: deny | category: escape
// a client in a base class's property
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text.Json;
namespace Deny.N603;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = JsonSerializer.Deserialize<Derived>("{}");
        return new HttpResponseMessage();
    }
}
internal class Base { public HttpClient? Client { get; set; } } internal sealed class Derived : Base { }
