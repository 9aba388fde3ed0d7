// EXPECT: deny | category: escape
// validation attribute that reads a static property by name
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N586;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = 1;
        return new HttpResponseMessage();
    }
}
internal sealed class X { [System.ComponentModel.DataAnnotations.Required(ErrorMessageResourceType = typeof(string), ErrorMessageResourceName = "Empty")] public string? S { get; set; } }
