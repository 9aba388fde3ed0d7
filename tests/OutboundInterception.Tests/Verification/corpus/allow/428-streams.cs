// EXPECT: allow | category: benign
// own Stream, pipes of streams, compression, zip
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N428;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); using var s = new Cnt(new System.IO.MemoryStream()); await s.WriteAsync(new byte[] { 1 }, ct); await using var z = new System.IO.Compression.BrotliStream(s, System.IO.Compression.CompressionLevel.Fastest, true); await z.WriteAsync("x"u8.ToArray(), ct); using var a = new System.IO.Compression.ZipArchive(new System.IO.MemoryStream(), System.IO.Compression.ZipArchiveMode.Create); using var w = new System.IO.StreamWriter(a.CreateEntry("x").Open()); w.Write("a"); await request.Content!.CopyToAsync(s, ct); using var br = new System.IO.BinaryReader(new System.IO.MemoryStream([1, 2, 3, 4])); _ = br.ReadInt32(); _ = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian([1, 2, 3, 4]);
        return new HttpResponseMessage();
    }
}
internal sealed class Cnt(System.IO.Stream i) : System.IO.Stream { public long N; public override bool CanRead => false; public override bool CanSeek => false; public override bool CanWrite => true; public override long Length => N; public override long Position { get => N; set => throw new NotSupportedException(); } public override void Flush() => i.Flush(); public override int Read(byte[] b, int o, int c) => throw new NotSupportedException(); public override long Seek(long o, System.IO.SeekOrigin r) => throw new NotSupportedException(); public override void SetLength(long v) { } public override void Write(byte[] b, int o, int c) { N += c; i.Write(b, o, c); } public override async ValueTask WriteAsync(ReadOnlyMemory<byte> m, CancellationToken t = default) { N += m.Length; await i.WriteAsync(m, t); } protected override void Dispose(bool d) { if (d) i.Dispose(); base.Dispose(d); } }
