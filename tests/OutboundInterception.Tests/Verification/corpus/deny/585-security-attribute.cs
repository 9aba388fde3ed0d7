// EXPECT: deny | category: escape
// validation attribute that names a method
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N585;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = 1;
        return new HttpResponseMessage();
    }
}
internal sealed class X { [System.ComponentModel.DataAnnotations.CustomValidation(typeof(string), "IsNullOrEmpty")] public string? S { get; set; } }
