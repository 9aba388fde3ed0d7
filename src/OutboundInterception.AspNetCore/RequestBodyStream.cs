namespace OutboundInterception;

/// <summary>
/// The client's body as a tenant reads it: no way to the server's own stream, and none at all once the request is over. The
/// server uses one stream for all requests of a connection: a tenant that kept it would read other tenants' requests.
/// </summary>
internal sealed class RequestBodyStream(Stream inner) : ReadOnlyStream
{
    // Never disposed: it has no timer and no handle, and a read may still be using its token.
    private readonly CancellationTokenSource _ended = new();

    public void End() => _ended.Cancel();

    public override int Read(Span<byte> buffer) =>
        throw new InvalidOperationException("The body of a request can only be read asynchronously.");

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_ended.IsCancellationRequested, this);
        using CancellationTokenSource? linked = cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token)
            : null;
        try
        {
            // The end may come between the check above and here: the token is what the server's stream checks first.
            return await inner.ReadAsync(buffer, linked?.Token ?? _ended.Token);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(GetType().FullName, "The request is over, and its body with it.");
        }
    }
}
