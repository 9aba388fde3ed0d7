namespace OutboundInterception;

/// <summary>A running dispatch.</summary>
internal sealed record DispatchView(string Id, bool IsBackground, int Subrequests, int ConcurrentSubrequests, long RequestBytes, long ResponseBytes)
{
    public static DispatchView Of(DispatchStatus status) => new(
        status.Id, status.IsBackground, status.Subrequests, status.ConcurrentSubrequests, status.RequestBytes, status.ResponseBytes);
}
