// EXPECT: allow | category: benign
// a content and a stream of one's own
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Collections.Generic; using System.IO; using System.Net; using System.Text;
namespace Allow.N465;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "https://api.example.com") { Content = new Lines(["a"]) }; using var _ = await context.Http.SendAsync(message, ct); return new HttpResponseMessage { Content = new StreamContent(new Upper()) };
    }
}
internal sealed class Lines(IReadOnlyList<string> lines) : HttpContent { protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? transport) { foreach (string line in lines) await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n")); } protected override bool TryComputeLength(out long length) { length = 0; return false; } } internal sealed class Upper : Stream { public override bool CanRead => true; public override bool CanSeek => false; public override bool CanWrite => false; public override long Length => throw new NotSupportedException(); public override long Position { get => 0; set => throw new NotSupportedException(); } public override void Flush() { } public override int Read(byte[] buffer, int offset, int count) => 0; public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException(); public override void SetLength(long value) => throw new NotSupportedException(); public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException(); }
