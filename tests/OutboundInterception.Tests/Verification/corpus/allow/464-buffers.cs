// EXPECT: allow | category: benign
// buffers, sequences, searching
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Buffers; using System.Buffers.Binary;
namespace Allow.N464;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var writer = new ArrayBufferWriter<byte>(); writer.Write("a,b"u8); BinaryPrimitives.WriteInt32BigEndian(writer.GetSpan(4), 1); writer.Advance(4); var sequence = new ReadOnlySequence<byte>(writer.WrittenMemory); var r = new SequenceReader<byte>(sequence); _ = r.TryReadTo(out ReadOnlySpan<byte> _, (byte)','); _ = "a;b".AsSpan().IndexOfAny(SearchValues.Create(";,")); foreach (Range part in "a;b".AsSpan().Split(';')) _ = part; Span<char> chars = stackalloc char[8]; _ = 12.TryFormat(chars, out int written); _ = string.Create(3, 'x', static (span, c) => span.Fill(c));
        return new HttpResponseMessage();
    }
}
