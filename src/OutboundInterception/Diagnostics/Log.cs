using System.Net;
using Microsoft.Extensions.Logging;

namespace OutboundInterception;

/// <summary>All that the library logs. Event ids are stable; no header value, body or query string is among it.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Blocked: tenant {Tenant} of {Namespace} to {Host} (rule {Rule}: {Reason}; dispatch {Dispatch}).")]
    public static partial void Blocked(ILogger logger, string nameSpace, string tenant, string dispatch, string? host, string? rule, string? reason);

    [LoggerMessage(2, LogLevel.Error, "An outbound worker of {Namespace} failed on a subrequest of tenant {Tenant} to {Host}; it was refused. Reference {Reference}.")]
    public static partial void WorkerFailed(ILogger logger, Exception exception, string nameSpace, string tenant, string reference, string? host);

    [LoggerMessage(3, LogLevel.Warning, "A subrequest of tenant {Tenant} of {Namespace} to {Host} failed. Reference {Reference}.")]
    public static partial void OriginFailed(ILogger logger, Exception exception, string nameSpace, string tenant, string reference, string? host);

    [LoggerMessage(4, LogLevel.Error, "An observer of {Namespace}, {Observer}, failed.")]
    public static partial void ObserverFailed(ILogger logger, Exception exception, string nameSpace, Type observer);

    [LoggerMessage(5, LogLevel.Warning, "Background work of tenant {Tenant} of {Namespace} failed (dispatch {Dispatch}, cancelled: {Cancelled}).")]
    public static partial void BackgroundWorkFailed(ILogger logger, Exception exception, string nameSpace, string tenant, string dispatch, bool cancelled);

    [LoggerMessage(6, LogLevel.Warning, "Namespace {Namespace}: {Count} dispatches were still running when the time to shut down was over, and were cancelled.")]
    public static partial void DrainTimedOut(ILogger logger, string nameSpace, int count);

    [LoggerMessage(7, LogLevel.Error, "Namespace {Namespace}: disposing the handler of tenant {Tenant} failed.")]
    public static partial void DisposeFailed(ILogger logger, Exception exception, string nameSpace, string tenant);

    [LoggerMessage(8, LogLevel.Warning, "A callback that tenant {Tenant} of {Namespace} had registered on its token failed.")]
    public static partial void CallbackFailed(ILogger logger, Exception exception, string nameSpace, string tenant);

    [LoggerMessage(9, LogLevel.Warning, "A WebSocket that tenant {Tenant} of {Namespace} served failed (dispatch {Dispatch}, cancelled: {Cancelled}).")]
    public static partial void WebSocketFailed(ILogger logger, Exception exception, string nameSpace, string tenant, string dispatch, bool cancelled);

    [LoggerMessage(15, LogLevel.Warning, "Namespace {Namespace} runs tenants, and the process leaves open what only it can close: {Gaps}. Set <OutboundHardenProcess>true</OutboundHardenProcess> in the program's project; OutboundProcess.Check() says more.")]
    public static partial void ProcessNotHardened(ILogger logger, string nameSpace, string gaps);

    [LoggerMessage(20, LogLevel.Information, "Deployed: version {Version} of tenant {Tenant} of {Namespace} ({Sha256}) has {Percent} % of new dispatches.")]
    public static partial void Deployed(ILogger logger, string nameSpace, string tenant, int version, string sha256, double percent);

    [LoggerMessage(21, LogLevel.Warning, "Refused: the deployment of tenant {Tenant} of {Namespace} ({Sha256}), for {Count} reasons, the first by rule {Rule}.")]
    public static partial void DeploymentRefused(ILogger logger, string nameSpace, string tenant, string sha256, int count, string rule);

    [LoggerMessage(30, LogLevel.Warning, "Turned away: tenant {Tenant} of {Namespace} to {Host} ({Rejection}; dispatch {Dispatch}).")]
    public static partial void Rejected(ILogger logger, string nameSpace, string tenant, string dispatch, string host, OutboundRejection rejection);

    [LoggerMessage(31, LogLevel.Debug, "Tenant {Tenant} of {Namespace} to {Host}: retry {Retry} in {Delay}.")]
    public static partial void Retrying(ILogger logger, string nameSpace, string tenant, string host, int retry, TimeSpan delay);

    [LoggerMessage(32, LogLevel.Warning, "The circuit of tenant {Tenant} of {Namespace} to {Authority} is open (for {Duration}; none: by hand, until closed).")]
    public static partial void CircuitOpened(ILogger logger, string nameSpace, string tenant, string authority, TimeSpan? duration);

    [LoggerMessage(33, LogLevel.Information, "The circuit of tenant {Tenant} of {Namespace} to {Authority} is closed again.")]
    public static partial void CircuitClosed(ILogger logger, string nameSpace, string tenant, string authority);

    [LoggerMessage(34, LogLevel.Warning, "Faults are injected into subrequests of tenant {Tenant} of {Namespace} (rates: latency {LatencyRate}, status {StatusRate}, failure {FailureRate}).")]
    public static partial void FaultsInjected(ILogger logger, string nameSpace, string tenant, double latencyRate, double statusRate, double failureRate);

    [LoggerMessage(35, LogLevel.Information, "No more faults are injected into subrequests of tenant {Tenant} of {Namespace}.")]
    public static partial void FaultsStopped(ILogger logger, string nameSpace, string tenant);

    [LoggerMessage(50, LogLevel.Warning, "RecordOptions.PathTemplate failed on a path of {Host}, which is recorded without it.")]
    public static partial void PathTemplateFailed(ILogger logger, Exception exception, string host);

    [LoggerMessage(EventId = 51, Message = "Subrequest: namespace={Namespace} tenant={Tenant} dispatch={Dispatch} number={Number} hop={Hop} method={Method} url={Url} decision={Decision} rule={Rule} reason={Reason} mode={Mode} wouldBlock={WouldBlock} worker={Worker} status={Status} failure={Failure} exception={Exception} requestBytes={RequestBytes} responseBytes={ResponseBytes} durationMs={DurationMs} queueMs={QueueMs} workerMs={WorkerMs} connectMs={ConnectMs} headersMs={HeadersMs} bodyMs={BodyMs} retries={Retries} address={Address} protocol={Protocol} trace={Trace} span={Span}")]
    public static partial void Subrequest(
        ILogger logger,
        LogLevel level,
        string nameSpace,
        string tenant,
        string dispatch,
        int number,
        int hop,
        string method,
        string url,
        SubrequestDecision decision,
        string? rule,
        string? reason,
        PolicyMode? mode,
        bool wouldBlock,
        string? worker,
        int? status,
        FailureKind? failure,
        string? exception,
        long requestBytes,
        long responseBytes,
        double durationMs,
        double? queueMs,
        double? workerMs,
        double? connectMs,
        double? headersMs,
        double? bodyMs,
        int retries,
        IPEndPoint? address,
        Version? protocol,
        string? trace,
        string? span);

    [LoggerMessage(52, LogLevel.Error, "Records cannot be written to {Path}: {Count} are lost. It is tried again with the next.")]
    public static partial void RecordsLost(ILogger logger, Exception exception, string path, int count);

    [LoggerMessage(53, LogLevel.Warning, "Disposing a response to tenant {Tenant} of {Namespace} failed.")]
    public static partial void ResponseDisposeFailed(ILogger logger, Exception exception, string nameSpace, string tenant);

    [LoggerMessage(54, LogLevel.Warning, "Disposing a connection of tenant {Tenant} of {Namespace} failed.")]
    public static partial void SocketDisposeFailed(ILogger logger, Exception exception, string nameSpace, string tenant);

    [LoggerMessage(55, LogLevel.Error, "A listener to the spans or measurements of {Namespace} failed.")]
    public static partial void ListenerFailed(ILogger logger, Exception exception, string nameSpace);

    [LoggerMessage(56, LogLevel.Warning, "Namespace {Namespace}: handlers of tenants were still being disposed when the time to shut down was over.")]
    public static partial void DisposalTimedOut(ILogger logger, string nameSpace);
}
