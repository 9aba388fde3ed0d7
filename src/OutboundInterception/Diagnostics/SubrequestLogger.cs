using Microsoft.Extensions.Logging;

namespace OutboundInterception;

/// <summary>
/// Logs every subrequest as one line, on level Information, under the category <c>OutboundInterception.Subrequests</c>.
/// </summary>
public sealed class SubrequestLogger : IOutboundObserver
{
    /// <summary>The category that is logged under.</summary>
    public const string Category = "OutboundInterception.Subrequests";

    private readonly ILogger _logger;

    /// <param name="factory">Makes the logger.</param>
    public SubrequestLogger(ILoggerFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _logger = factory.CreateLogger(Category);
    }

    /// <inheritdoc/>
    public void SubrequestCompleted(SubrequestRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (_logger.IsEnabled(LogLevel.Information))
        {
            Log.Subrequest(
                _logger,
                record.Namespace,
                record.Tenant,
                record.DispatchId,
                record.Hop,
                record.Method,
                record.Url,
                record.Decision,
                record.RuleId,
                record.WouldBlock,
                record.Worker,
                record.Status,
                record.Failure,
                record.RequestBytes,
                record.ResponseBytes,
                record.Duration.TotalMilliseconds,
                record.Retries,
                record.TraceId);
        }
    }
}
