// EXPECT: allow | category: benign
// compresses and expands a body
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.IO; using System.IO.Compression; using System.Text;
namespace Allow.N457;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        using var buffer = new MemoryStream(); await using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true)) { await gzip.WriteAsync("hello"u8.ToArray(), ct); } buffer.Position = 0; using var reader = new StreamReader(new GZipStream(buffer, CompressionMode.Decompress), Encoding.UTF8); _ = await reader.ReadToEndAsync(ct);
        return new HttpResponseMessage();
    }
}
