using System.Runtime.InteropServices;

namespace OutboundInterception.Tests.Outbound;

/// <summary>Whose stream is copied to may keep what it is given: behind streams of ours too, it gets no buffer that others use.</summary>
public class LentBufferTests
{
    // No length that the shared pool has.
    private const int BufferSize = 1000;

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public async Task CopyToAsync_StreamOfSomebodyElse_GetsABufferOfItsOwn(int streamsOfOurs)
    {
        Keeper keeper = new();
        Stream destination = keeper;
        for (int layer = 0; layer < streamsOfOurs; layer++)
        {
            destination = new PassOn(destination);
        }

        await using Source source = new();
        await source.CopyToAsync(destination, BufferSize);

        Assert.That(keeper.Kept.Select(static array => array.Length), Is.EqualTo(new[] { BufferSize, BufferSize, BufferSize }));
    }

    private sealed class Source : ReadOnlyStream
    {
        private int _left = 3;

        public override int Read(Span<byte> buffer) => _left-- > 0 ? 10 : 0;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
    }

    private sealed class PassOn(Stream destination) : WriteOnlyStream(destination)
    {
        public override void Flush()
        {
        }

        public override void Write(ReadOnlySpan<byte> buffer) => Destination.Write(buffer);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            Destination.WriteAsync(buffer, cancellationToken);
    }

    private sealed class Keeper : MemoryStream
    {
        public List<byte[]> Kept { get; } = [];

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Kept.Add(MemoryMarshal.TryGetArray(buffer, out ArraySegment<byte> segment) ? segment.Array! : []);
            return ValueTask.CompletedTask;
        }
    }
}
