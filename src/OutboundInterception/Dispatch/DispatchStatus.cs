namespace OutboundInterception;

/// <summary>A dispatch in progress, as it stood when somebody asked.</summary>
/// <param name="Id">Its name, as records have it.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="IsBackground">Whether its response has been sent, and only what it gave to <c>WaitUntil</c> goes on.</param>
/// <param name="Subrequests">How many it has made.</param>
/// <param name="ConcurrentSubrequests">How many of them are in progress.</param>
/// <param name="RequestBytes">Bytes of request bodies that it has sent.</param>
/// <param name="ResponseBytes">Bytes of response bodies that it has read.</param>
/// <param name="Limits">What it may use at most; no member is <see langword="null"/>.</param>
public readonly record struct DispatchStatus(
    string Id,
    string Tenant,
    bool IsBackground,
    int Subrequests,
    int ConcurrentSubrequests,
    long RequestBytes,
    long ResponseBytes,
    DispatchLimits Limits);
