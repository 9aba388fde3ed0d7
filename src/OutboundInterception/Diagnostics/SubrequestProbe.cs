using System.Net;

namespace OutboundInterception;

/// <summary>
/// Takes the times that only some observers want. There is none unless one does; it travels with the message, down to the
/// connection that is opened for it. Written by one thread after the other; who is left behind by a cancelled request may
/// still write, and then a time is wrong, never a request.
/// </summary>
internal sealed class SubrequestProbe(TimeProvider time)
{
    private long _sent;
    private long _reached;
    private long _connecting;
    private long _connected;
    private long _answered;
    private long _returned;
    private IPEndPoint? _address;

    public RecordedHeader[]? RequestHeaders { get; set; }

    public RecordedHeader[]? ResponseHeaders { get; set; }

    /// <summary>The address of the connection that was opened for it, unless another became free first.</summary>
    public IPEndPoint? Address => HasConnected ? _address : null;

    private bool HasConnected => _connected != 0 && (_answered == 0 || _connected <= _answered);

    /// <summary>It leaves the last outbound worker.</summary>
    public void Sent() => _sent = time.GetTimestamp();

    /// <summary>It has reached the connections.</summary>
    public void Reached()
    {
        _reached = time.GetTimestamp();
        _connecting = 0;
        _connected = 0;
        _answered = 0;
        _address = null;
    }

    public void Connecting() => _connecting = time.GetTimestamp();

    /// <summary>The connection stands, TLS apart.</summary>
    public void Connected(EndPoint? endPoint) =>
        _address = endPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port) : endPoint as IPEndPoint;

    /// <summary>TLS too.</summary>
    public void Ready() => _connected = time.GetTimestamp();

    /// <summary>The headers of a response are there.</summary>
    public void Answered() => _answered = time.GetTimestamp();

    /// <summary>The outbound workers have returned a response.</summary>
    public void Returned() => _returned = time.GetTimestamp();

    public SubrequestPhases ToPhases(TimeSpan duration, long end)
    {
        long answered = _answered != 0 ? _answered : end;
        TimeSpan queue = _sent == 0 ? TimeSpan.Zero : Between(_sent, _reached != 0 ? _reached : end);
        TimeSpan connect = _connecting != 0 && (HasConnected || _answered == 0) ? Between(_connecting, HasConnected ? _connected : end) : TimeSpan.Zero;
        TimeSpan headers = _reached == 0 ? TimeSpan.Zero : Between(_reached, answered) - connect;
        TimeSpan body = _returned == 0 ? TimeSpan.Zero : Between(_returned, end);
        TimeSpan worker = duration - queue - connect - headers - body;
        return new SubrequestPhases(queue, worker < TimeSpan.Zero ? TimeSpan.Zero : worker, connect, headers < TimeSpan.Zero ? TimeSpan.Zero : headers, body);
    }

    private TimeSpan Between(long from, long to) => to <= from ? TimeSpan.Zero : time.GetElapsedTime(from, to);
}
