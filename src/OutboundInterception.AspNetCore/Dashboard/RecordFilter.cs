using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace OutboundInterception;

/// <summary>Which records somebody wants to see. What is empty asks for nothing.</summary>
/// <param name="Tenant">A part of the tenant's name.</param>
/// <param name="Host">A part of the host.</param>
/// <param name="Decision">The decision, as JSON has it, or <c>report</c> for what only Report mode let through.</param>
/// <param name="Status">A status such as <c>404</c>, a class such as <c>5xx</c>, or <c>none</c>.</param>
/// <param name="Text">A part of the URL, the method, the rule, the reason, the worker, or the dispatch.</param>
internal sealed record RecordFilter(string Tenant, string Host, string Decision, string Status, string Text)
{
    public static RecordFilter Of(IQueryCollection query)
    {
        return new RecordFilter(Value("tenant"), Value("host"), Value("decision"), Value("status"), Value("text"));

        string Value(string name) => query[name].ToString().Trim();
    }

    public bool Matches(SubrequestRecord record) =>
        Contains(record.Tenant, Tenant)
        && Contains(record.Host, Host)
        && MatchesDecision(record)
        && MatchesStatus(record.Status)
        && (Text.Length == 0
            || Contains(record.Url, Text)
            || Contains(record.Method, Text)
            || Contains(record.RuleId, Text)
            || Contains(record.Reason, Text)
            || Contains(record.Worker, Text)
            || Contains(record.DispatchId, Text));

    private static bool Contains(string? value, string part) =>
        part.Length == 0 || (value is not null && value.Contains(part, StringComparison.OrdinalIgnoreCase));

    private bool MatchesDecision(SubrequestRecord record) =>
        Decision.Length == 0
        || (Decision.Equals("report", StringComparison.OrdinalIgnoreCase)
            ? record.WouldBlock
            : Decision.Equals(record.Decision.ToString(), StringComparison.OrdinalIgnoreCase));

    private bool MatchesStatus(int? status) =>
        Status.Length == 0
        || (status is { } known
            ? known.ToString(CultureInfo.InvariantCulture) == Status
                || (Status.Length == 3 && Status.EndsWith("xx", StringComparison.OrdinalIgnoreCase) && Status[0] - '0' == known / 100)
            : Status.Equals("none", StringComparison.OrdinalIgnoreCase));
}
