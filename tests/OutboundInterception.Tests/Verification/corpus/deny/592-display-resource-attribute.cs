// EXPECT: deny | category: escape
// the same in an attribute
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.ComponentModel.DataAnnotations;
namespace Deny.N592;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = nameof(Dto);
        return new HttpResponseMessage();
    }
}
internal sealed class Dto { [Display(ResourceType = typeof(Environment), Name = "CommandLine")] public string? A { get; set; } }
