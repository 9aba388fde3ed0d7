namespace OutboundInterception;

/// <summary>Reads an origin's body for a tenant.</summary>
internal sealed class SafeStream(Stream inner, SafeContent content) : ReadOnlyStream
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

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        content.BeginRead();
        try
        {
            int count;
            if (!cancellationToken.CanBeCanceled || cancellationToken == content.Token)
            {
                count = await inner.ReadAsync(buffer, content.Token).ConfigureAwait(false);
            }
            else
            {
                using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, content.Token);
                count = await inner.ReadAsync(buffer, both.Token).ConfigureAwait(false);
            }

            Count(count, buffer.Length);
            return count;
        }
        catch (Exception exception)
        {
            throw content.Failed(exception, cancellationToken);
        }
        finally
        {
            content.EndRead();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.DisposeByReader();
        }

        base.Dispose(disposing);
    }

    private void Count(int count, int wanted)
    {
        if (count > 0)
        {
            content.Count(count);
        }
        else if (wanted > 0)
        {
            content.ReachedEnd();
        }
    }
}
