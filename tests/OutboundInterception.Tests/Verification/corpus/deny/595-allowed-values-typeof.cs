// EXPECT: deny | category: escape
// a banned type in a list of objects
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.ComponentModel.DataAnnotations;
namespace Deny.N595;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = nameof(Dto);
        return new HttpResponseMessage();
    }
}
internal sealed class Dto { [AllowedValues(1, typeof(System.Net.Sockets.Socket))] public object? A { get; set; } }
