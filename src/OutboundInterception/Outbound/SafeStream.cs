namespace OutboundInterception;

/// <summary>Reads an origin's body for a tenant.</summary>
internal sealed class SafeStream(Stream inner, SafeContent content) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer)
    {
        content.ThrowIfUnreadable();
        int count;
        try
        {
            count = inner.Read(buffer);
        }
        catch (Exception exception)
        {
            throw content.Failed(exception, default);
        }

        return Count(count, buffer.Length);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        content.ThrowIfUnreadable();
        int count;
        try
        {
            if (!cancellationToken.CanBeCanceled || cancellationToken == content.Token)
            {
                count = await inner.ReadAsync(buffer, content.Token).ConfigureAwait(false);
            }
            else
            {
                using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, content.Token);
                count = await inner.ReadAsync(buffer, both.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            throw content.Failed(exception, cancellationToken);
        }

        return Count(count, buffer.Length);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            content.Abort();
        }

        base.Dispose(disposing);
    }

    private int Count(int count, int wanted)
    {
        if (count > 0)
        {
            try
            {
                content.Count(count);
            }
            catch (DispatchLimitException exception)
            {
                throw content.Failed(exception, default);
            }
        }
        else if (wanted > 0)
        {
            content.ReachedEnd();
        }

        return count;
    }
}
