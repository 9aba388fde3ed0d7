namespace OutboundInterception;

/// <summary>Reads an origin's body for a tenant.</summary>
internal sealed class SafeStream(Stream inner, SafeContent content) : WaitingStream
{
    private const int MaxSynchronousRead = 16 * 1024;

    // Through the asynchronous read, which the end of the dispatch cuts off.
    public override int Read(Span<byte> buffer)
    {
        byte[] own = new byte[int.Min(buffer.Length, MaxSynchronousRead)];
        int count = Read(own, 0, own.Length);
        own.AsSpan(0, count).CopyTo(buffer);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            if (!content.TryBeginRead())
            {
                return new ValueTask<int>(0);
            }
        }
        catch (Exception exception)
        {
            return ThrowAsync(exception);
        }

        return FinishAsync(BeginAsync(buffer, cancellationToken), buffer.Length, cancellationToken);
    }

    protected override int Finish(int count, int wanted)
    {
        if (count > 0)
        {
            content.Count(count);
        }
        else if (wanted > 0)
        {
            content.ReachedEnd();
        }

        return count;
    }

    protected override Exception Fail(Exception exception, CancellationToken callers) => content.Failed(exception, callers);

    protected override void End() => content.EndRead();

    public override bool HasToInterrupt(CancellationToken callers) => callers.CanBeCanceled && callers != content.Token;

    // The subrequest as a whole: a body of which a read was cancelled is over anyway.
    public override void Interrupt() => content.Interrupt();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.DisposeByReader();
        }

        base.Dispose(disposing);
    }

    /// <summary>What it throws at once comes out when it is awaited.</summary>
    private ValueTask<int> BeginAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return cancellationToken.IsCancellationRequested
                ? ValueTask.FromCanceled<int>(cancellationToken)
                : inner.ReadAsync(buffer, content.Token);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<int>(exception);
        }
    }
}
