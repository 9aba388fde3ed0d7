using Microsoft.Extensions.Logging;

namespace OutboundInterception;

/// <summary>All that this package logs.</summary>
internal static partial class AspNetCoreLog
{
    [LoggerMessage(101, LogLevel.Error, "The options of a dispatch in {Namespace} could not be made.")]
    public static partial void ConfigureFailed(ILogger logger, Exception exception, string nameSpace);

    [LoggerMessage(102, LogLevel.Warning, "Tenant {Tenant} of {Namespace} failed; the client was answered {Status}.")]
    public static partial void TenantFailed(ILogger logger, Exception? exception, string nameSpace, string tenant, int status);

    [LoggerMessage(103, LogLevel.Warning, "The response of tenant {Tenant} of {Namespace} broke off.")]
    public static partial void ResponseBrokeOff(ILogger logger, Exception? exception, string nameSpace, string tenant);
}
