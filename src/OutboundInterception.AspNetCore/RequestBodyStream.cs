namespace OutboundInterception;

/// <summary>
/// The client's body as a tenant reads it: no way to the server's own stream, and none at all once the request is over. The
/// server uses one stream for all requests of a connection: a tenant that kept it would read other tenants' requests.
/// </summary>
internal sealed class RequestBodyStream(Stream inner) : ReadOnlyStream
{
    // Never disposed: it has no timer and no handle, and a read may still be using its token.
    private readonly CancellationTokenSource _ended = new();

    // Of the first reader's token and the end: nearly always one token reads all of a body.
    private Link? _first;
    private bool _isReading;

    public void End()
    {
        _ended.Cancel();
        Volatile.Read(ref _first)?.Source.Dispose();
    }

    public override int Read(Span<byte> buffer) =>
        throw new InvalidOperationException("The body of a request can only be read asynchronously.");

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_ended.IsCancellationRequested, this);

        // The server's own check of that is for code that makes mistakes, not for threads that race: it is no lock.
        if (Interlocked.Exchange(ref _isReading, true))
        {
            throw new InvalidOperationException("The body is being read already. Await each read before the next.");
        }

        Link? own = null;
        try
        {
            CancellationToken either = cancellationToken.CanBeCanceled ? TokenWith(cancellationToken, out own) : _ended.Token;

            // The end may come between the check above and here: the token is what the server's stream checks first.
            return await inner.ReadAsync(buffer, either);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(GetType().FullName, "The request is over, and its body with it.");
        }
        finally
        {
            own?.Source.Dispose();
            Volatile.Write(ref _isReading, false);
        }
    }

    /// <param name="readers">The reader's token.</param>
    /// <param name="own">What is to be disposed after this read, if it is no other's too.</param>
    private CancellationToken TokenWith(CancellationToken readers, out Link? own)
    {
        own = null;
        Link? first = Volatile.Read(ref _first);
        if (first?.Readers == readers)
        {
            return first.Token;
        }

        Link made = new(readers, _ended.Token);
        if (first is not null || Interlocked.CompareExchange(ref _first, made, null) is not null)
        {
            own = made;
        }

        return made.Token;
    }

    private sealed class Link
    {
        public readonly CancellationToken Readers;
        public readonly CancellationTokenSource Source;

        // Taken once: of a source that is disposed, as this is at the end, there is no token any more.
        public readonly CancellationToken Token;

        public Link(CancellationToken readers, CancellationToken end)
        {
            Readers = readers;
            Source = CancellationTokenSource.CreateLinkedTokenSource(readers, end);
            Token = Source.Token;
        }
    }
}
