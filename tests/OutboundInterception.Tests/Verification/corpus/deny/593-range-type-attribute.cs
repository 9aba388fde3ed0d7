// EXPECT: deny | category: escape
// a converter made by a type's name
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.ComponentModel.DataAnnotations;
namespace Deny.N593;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = nameof(Dto);
        return new HttpResponseMessage();
    }
}
internal sealed class Dto { [Range(typeof(Uri), "a", "b")] public string? A { get; set; } }
