using System.Collections.Concurrent;
using OutboundInterception;

namespace Storefront;

/// <summary>Keeps what every subrequest came to, for the table that the program prints.</summary>
public sealed class AuditTrail : IOutboundObserver
{
    public ConcurrentQueue<SubrequestRecord> Records { get; } = new();

    public void SubrequestCompleted(SubrequestRecord record) => Records.Enqueue(record);

    public void Print(TextWriter output)
    {
        output.WriteLine($"{"tenant",-9}{"method",-8}{"url",-46}{"decision",-10}{"status",-8}{"ms",6}");
        foreach (SubrequestRecord record in Records)
        {
            output.WriteLine($"{record.Tenant,-9}{record.Method,-8}{record.Url,-46}{record.Decision,-10}{record.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-",-8}{record.Duration.TotalMilliseconds,6:0.0}");
        }
    }
}
