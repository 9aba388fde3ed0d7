namespace OutboundInterception;

/// <summary>Reads a tenant's response body, and ends the dispatch's foreground with it.</summary>
internal sealed class DispatchStream(Stream inner, ActiveDispatch dispatch) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        return Count(count, buffer.Length);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return Count(count, buffer.Length);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            dispatch.EndForeground();
        }

        base.Dispose(disposing);
    }

    private int Count(int count, int wanted)
    {
        if (count == 0 && wanted > 0)
        {
            dispatch.EndForeground();
        }

        return count;
    }
}
