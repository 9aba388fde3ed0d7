using Microsoft.Extensions.Logging;

namespace OutboundInterception;

/// <summary>All that this package logs.</summary>
internal static partial class AspNetCoreLog
{
    [LoggerMessage(101, LogLevel.Error, "The options of a dispatch of tenant {Tenant} could not be made.")]
    public static partial void ConfigureFailed(this ILogger logger, Exception exception, string tenant);
}
