namespace OutboundInterception;

/// <summary>Subrequests that another policy would treat differently, and how.</summary>
internal sealed record DryRunRow(string Tenant, string Method, string Url, int Times, string Before, string BeforeRule, string After, string AfterRule)
{
    public static DryRunRow Of(DryRunDifference difference, int times) => new(
        difference.Request.Tenant,
        difference.Request.Method.Method,
        difference.Request.Uri.AbsoluteUri,
        times,
        Outcome(difference.Before),
        difference.Before.RuleId,
        Outcome(difference.After),
        difference.After.RuleId);

    private static string Outcome(PolicyDecision decision) =>
        decision.WouldBlock ? "reported" : decision.Allowed ? "allowed" : "blocked";
}
