// EXPECT: deny | category: file
// StreamWriter(path, options)
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N549;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new System.IO.StreamWriter("/tmp/x", new System.IO.FileStreamOptions());
        return new HttpResponseMessage();
    }
}

