using Microsoft.Extensions.Logging;

namespace OutboundInterception;

/// <summary>
/// Logs every subrequest as one line with all that its record has but headers, under the category
/// <c>OutboundInterception.Subrequests</c> and the event id 51: on level Warning if it was blocked or turned away, would have
/// been, or failed, else on level Information.
/// </summary>
public sealed class SubrequestLogger : IOutboundObserver
{
    /// <summary>The category that is logged under.</summary>
    public const string Category = "OutboundInterception.Subrequests";

    private readonly ILogger _logger;

    /// <param name="factory">Makes the logger.</param>
    /// <param name="detail">
    /// What is to be measured for it: with <see cref="RecordDetail.Phases"/>, where the time went and the address, for about
    /// twice the cost. Else the line has them where another observer asks for them.
    /// </param>
    public SubrequestLogger(ILoggerFactory factory, RecordDetail detail = RecordDetail.None)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Detail = detail;
        _logger = factory.CreateLogger(Category);
    }

    /// <inheritdoc/>
    public RecordDetail Detail { get; }

    /// <inheritdoc/>
    public void SubrequestCompleted(SubrequestRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        LogLevel level = LevelOf(record);
        if (_logger.IsEnabled(level))
        {
            Log.Subrequest(
                _logger,
                level,
                record.Namespace,
                record.Tenant,
                record.DispatchId,
                record.Number,
                record.Hop,
                record.Method,
                record.Url,
                record.Decision,
                record.RuleId,
                record.Reason,
                record.Mode,
                record.WouldBlock,
                record.Worker,
                record.Status,
                record.Failure,
                record.ExceptionType,
                record.RequestBytes,
                record.ResponseBytes,
                record.Duration.TotalMilliseconds,
                record.Phases?.Queue.TotalMilliseconds,
                record.Phases?.Worker.TotalMilliseconds,
                record.Phases?.Connect.TotalMilliseconds,
                record.Phases?.Headers.TotalMilliseconds,
                record.Phases?.Body.TotalMilliseconds,
                record.Retries,
                record.Address,
                record.ProtocolVersion,
                record.TraceId,
                record.SpanId);
        }
    }

    // What somebody who looks for trouble is to find. That a tenant or its caller went away is none.
    private static LogLevel LevelOf(SubrequestRecord record) =>
        record.WouldBlock
        || record.Decision is SubrequestDecision.Blocked or SubrequestDecision.Failed
        || record.Failure is not (null or FailureKind.Cancelled or FailureKind.Ended)
            ? LogLevel.Warning
            : LogLevel.Information;
}
