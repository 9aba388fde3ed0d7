namespace OutboundInterception;

/// <summary>The client's body as a tenant reads it: no way to the server's own stream.</summary>
internal sealed class RequestBodyStream(Stream inner) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer) => inner.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);
}
