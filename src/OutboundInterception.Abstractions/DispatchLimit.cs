namespace OutboundInterception;

/// <summary>A limit of one dispatch.</summary>
public enum DispatchLimit
{
    /// <summary>How many subrequests in all; each redirect hop and each WebSocket handshake is one.</summary>
    Subrequests,

    /// <summary>How many subrequests at once; one lasts until its response body has been read or disposed.</summary>
    ConcurrentSubrequests,

    /// <summary>How many bytes of request bodies in all.</summary>
    RequestBytes,

    /// <summary>How many bytes of response bodies in all.</summary>
    ResponseBytes,

    /// <summary>How deeply dispatches may be nested, in-process and over HTTP together.</summary>
    Depth,
}
