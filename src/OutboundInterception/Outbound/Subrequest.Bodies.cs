namespace OutboundInterception;

/// <summary>Its bodies, of the request and of the response: what they count, what they may still do, and when they are done.</summary>
internal sealed partial class Subrequest
{
    /// <summary>The response body has been read, disposed or cut off: whichever comes first.</summary>
    public void BodyIsDone(long bytes, Exception? failure)
    {
        int before = Interlocked.Exchange(ref _state, HasEnded);
        if (before == HasEnded)
        {
            return;
        }

        if (failure is not null)
        {
            _trace.Fail(failure);
        }
        else if (IsCancellationRequested)
        {
            _trace.CutOff(Owner);
        }

        if (before == Entered)
        {
            Leave();
        }

        _trace.End(Owner, bytes);
    }

    /// <summary>Called before bytes of the tenant's body are sent: what is recorded already sends no more.</summary>
    /// <param name="count">How many.</param>
    /// <param name="hop">Whose body it is: over HTTP/2 an origin may redirect before it has all of it.</param>
    public void CountRequestBytes(int count, int hop)
    {
        ThrowIfRecorded(hop);
        Owner.Budget.AddRequestBytes(Owner.Limits, count);

        // A full fence: either the record that is made meanwhile has these bytes, or it is seen here that they come too late.
        Interlocked.Add(ref _trace.RequestBytes, count);
        ThrowIfRecorded(hop);
    }

    /// <summary>
    /// Called before bytes of a worker's own body are sent. They are no use that the tenant makes of its limits, and of a
    /// body that a worker has read and made anew only the longer counts.
    /// </summary>
    /// <param name="written">How many they are with those before.</param>
    /// <param name="hop">Whose body it is.</param>
    public void CountWorkersBytes(long written, int hop)
    {
        ThrowIfRecorded(hop);
        long counted;
        while ((counted = Volatile.Read(ref _trace.RequestBytes)) < written
            && Interlocked.CompareExchange(ref _trace.RequestBytes, written, counted) != counted)
        {
        }

        Interlocked.MemoryBarrier();
        ThrowIfRecorded(hop);
    }

    /// <summary>Cancels what was made for code of the tenant's.</summary>
    public void RequestCancellation(CancellationTokenSource source) => Cancellation.Request(source, Owner);

    public void CountResponseBytes(int count) => Owner.Budget.AddResponseBytes(Owner.Limits, count);

    public void ThrowIfUnreadable()
    {
        Owner.ThrowIfEnded();
        if (IsCancellationRequested || !Owner.MayRead())
        {
            throw Owner.Cancelled(null, default);
        }
    }

    /// <summary>What reading a body tells the tenant: its dispatch's own end, or that the origin broke off.</summary>
    public Exception TellReadFailure(Exception exception, CancellationToken cancellationToken) =>
        SubrequestFailure.Tell(exception, Owner, null, Task.FromException<HttpResponseMessage>(exception), Chain, ref _trace, cancellationToken);

    /// <summary>Disposes what workers returned. Its content may be another tenant's.</summary>
    /// <param name="response">It.</param>
    /// <param name="apart">Whether nobody may have to wait for that.</param>
    public void DisposeResponse(HttpResponseMessage response, bool apart = false)
    {
        if (apart && !IsTheConnections(response))
        {
            Owner.DisposeResponseApart(response);
        }
        else
        {
            Owner.DisposeResponse(response);
        }
    }

    /// <summary>Whether it is over, and being recorded.</summary>
    public bool HasLeft => Volatile.Read(ref _state) == HasEnded;

    private void ThrowIfRecorded(int hop)
    {
        if (HasLeft || hop != Volatile.Read(ref _hop))
        {
            throw Owner.Cancelled(null, default);
        }
    }

    // The framework's own classes that nobody else can make: they hold a connection, and let go of it at once.
    private static bool IsTheConnections(HttpResponseMessage response) =>
        response.GetType() == typeof(HttpResponseMessage) && response.Content.GetType() is { IsVisible: false } type && type.Assembly == typeof(HttpContent).Assembly;
}
