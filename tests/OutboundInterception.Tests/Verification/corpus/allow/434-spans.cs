// EXPECT: allow | category: benign
// Span, Memory, MemoryExtensions, IBufferWriter, ReadOnlySequence, Utf8Parser
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Buffers; using System.Buffers.Text;
namespace Allow.N434;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); Memory<byte> m = new byte[8]; m.Span.Clear(); var w = new ArrayBufferWriter<byte>(); w.Write("x"u8); _ = w.WrittenSpan.SequenceEqual("x"u8); var seq = new ReadOnlySequence<byte>(w.WrittenMemory); _ = seq.ToArray().Length; Go(m.Span, seq); _ = Utf8Parser.TryParse("12"u8, out int n, out _); _ = "a b".AsMemory().Slice(1).ToString(); _ = "x".AsSpan().Trim().ToString();
        return new HttpResponseMessage();
    }
    private static void Go(Span<byte> s, ReadOnlySequence<byte> q) { s.Sort(); s.Reverse(); _ = s.IndexOf((byte)1) + s.BinarySearch((byte)2); var r = new SequenceReader<byte>(q); r.TryRead(out _); System.Text.Encoding.UTF8.TryGetBytes("a", s, out _); ref byte b = ref s[0]; b++; }
}

