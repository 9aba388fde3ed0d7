using System.Collections.Concurrent;
using System.Globalization;
using OutboundInterception;

namespace Storefront;

/// <summary>Logs what every subrequest came to, as rows of the table that the program prints.</summary>
public sealed class AuditTrail : IOutboundObserver
{
    private readonly Lock _printing = new();
    private TextWriter? _output;

    public ConcurrentQueue<SubrequestRecord> Records { get; } = new();

    public void SubrequestCompleted(SubrequestRecord record)
    {
        lock (_printing)
        {
            Records.Enqueue(record);
            _output?.WriteLine(Row(record));
        }
    }

    /// <summary>Prints what there is so far, and from now on each row as it comes.</summary>
    public void PrintTo(TextWriter output)
    {
        lock (_printing)
        {
            output.WriteLine($"{"tenant",-9}{"method",-8}{"url",-46}{"decision",-10}{"status",-8}{"ms",6}");
            foreach (SubrequestRecord record in Records)
            {
                output.WriteLine(Row(record));
            }

            _output = output;
        }
    }

    private static string Row(SubrequestRecord record) => string.Create(
        CultureInfo.InvariantCulture,
        $"{record.Tenant,-9}{record.Method,-8}{record.Url,-46}{record.Decision,-10}{record.Status?.ToString(CultureInfo.InvariantCulture) ?? "-",-8}{record.Duration.TotalMilliseconds,6:0.0}");
}
