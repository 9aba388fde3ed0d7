using Microsoft.Extensions.Logging;

namespace OutboundInterception;

/// <summary>All that the library logs. Event ids are stable; no header value, body or query string is among it.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Blocked: tenant {Tenant} of {Namespace} to {Host} (rule {Rule}: {Reason}; dispatch {Dispatch}).")]
    public static partial void Blocked(ILogger logger, string @namespace, string tenant, string dispatch, string? host, string? rule, string? reason);

    [LoggerMessage(2, LogLevel.Error, "An outbound worker of {Namespace} failed on a subrequest of tenant {Tenant} to {Host}; it was refused. Reference {Reference}.")]
    public static partial void WorkerFailed(ILogger logger, Exception exception, string @namespace, string tenant, string reference, string? host);

    [LoggerMessage(3, LogLevel.Warning, "A subrequest of tenant {Tenant} of {Namespace} to {Host} failed. Reference {Reference}.")]
    public static partial void OriginFailed(ILogger logger, Exception exception, string @namespace, string tenant, string reference, string? host);

    [LoggerMessage(4, LogLevel.Error, "An observer of {Namespace}, {Observer}, failed.")]
    public static partial void ObserverFailed(ILogger logger, Exception exception, string @namespace, Type observer);

    [LoggerMessage(5, LogLevel.Warning, "Background work of tenant {Tenant} of {Namespace} failed (dispatch {Dispatch}, cancelled: {Cancelled}).")]
    public static partial void BackgroundWorkFailed(ILogger logger, Exception exception, string @namespace, string tenant, string dispatch, bool cancelled);

    [LoggerMessage(6, LogLevel.Warning, "Namespace {Namespace}: {Count} dispatches were still running when the time to shut down was over, and were cancelled.")]
    public static partial void DrainTimedOut(ILogger logger, string @namespace, int count);

    [LoggerMessage(7, LogLevel.Error, "Namespace {Namespace}: disposing the handler of tenant {Tenant} failed.")]
    public static partial void DisposeFailed(ILogger logger, Exception exception, string @namespace, string tenant);

    [LoggerMessage(8, LogLevel.Warning, "A callback that tenant {Tenant} of {Namespace} had registered on its token failed.")]
    public static partial void CallbackFailed(ILogger logger, Exception exception, string @namespace, string tenant);

    [LoggerMessage(9, LogLevel.Warning, "A WebSocket that tenant {Tenant} of {Namespace} served failed (dispatch {Dispatch}, cancelled: {Cancelled}).")]
    public static partial void WebSocketFailed(ILogger logger, Exception exception, string @namespace, string tenant, string dispatch, bool cancelled);

    [LoggerMessage(15, LogLevel.Warning, "Namespace {Namespace} runs tenants, and the process leaves open what only it can close: {Gaps}. Set <OutboundHardenProcess>true</OutboundHardenProcess> in the program's project; OutboundProcess.Check() says more.")]
    public static partial void ProcessNotHardened(ILogger logger, string @namespace, string gaps);
}
