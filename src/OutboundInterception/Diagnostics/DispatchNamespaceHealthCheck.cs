using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OutboundInterception;

/// <summary>Says how a namespace is: share of failures, dispatches in progress, dispatches that hang.</summary>
internal sealed class DispatchNamespaceHealthCheck(DispatchNamespace dispatches, FailureTally tally, DispatchNamespaceHealthOptions options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        (int count, int failures) = tally.Read();
        double share = count < options.MinimumSubrequests ? 0 : (double)failures / count;
        int active = dispatches.ActiveDispatches;
        int stuck = dispatches.StuckDispatches;
        List<string> problems = [];
        HealthStatus status = HealthStatus.Healthy;
        Judge(share, options.DegradedFailureShare, options.UnhealthyFailureShare, string.Create(CultureInfo.InvariantCulture, $"{failures} of {count} subrequests failed within {options.Window}"));
        Judge(active, options.DegradedActiveDispatches, options.UnhealthyActiveDispatches, $"{active} dispatches are active");
        Judge(stuck, options.DegradedStuckDispatches, options.UnhealthyStuckDispatches, $"the code of {stuck} ended dispatches still runs");
        Dictionary<string, object> data = new()
        {
            ["subrequests"] = count,
            ["failures"] = failures,
            ["activeDispatches"] = active,
            ["stuckDispatches"] = stuck,
        };
        return Task.FromResult(new HealthCheckResult(
            status == HealthStatus.Unhealthy ? context.Registration.FailureStatus : status,
            problems.Count == 0 ? null : $"Dispatch namespace '{dispatches.Name}': {string.Join("; ", problems)}.",
            data: data));

        void Judge(double value, double? degraded, double? unhealthy, string problem)
        {
            HealthStatus judged = value >= unhealthy ? HealthStatus.Unhealthy : value >= degraded ? HealthStatus.Degraded : HealthStatus.Healthy;
            if (judged != HealthStatus.Healthy)
            {
                problems.Add(problem);
                status = judged < status ? judged : status;
            }
        }
    }
}
