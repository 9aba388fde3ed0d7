using System.Buffers;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace OutboundInterception;

/// <summary>
/// Records as they come, as server-sent events. What a viewer costs is bounded: so many events a second of so many records;
/// what is more is counted and not sent.
/// </summary>
internal static class RecordFeed
{
    /// <summary>How many records an event has at most.</summary>
    public const int BatchSize = 250;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    public static async Task WriteAsync(HttpContext http, SubrequestRing ring, TimeProvider time)
    {
        RecordFilter filter = RecordFilter.Of(http.Request.Query);
        http.Response.ContentType = "text/event-stream";
        await http.Response.Body.FlushAsync(http.RequestAborted);
        try
        {
            await SseFormatter.WriteAsync(
                ReadAsync(ring, filter, Start(http, ring), time, http.RequestAborted), http.Response.Body, Format, http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The viewer has gone.
        }
    }

    // The browser says where it was when it comes back; the page says where its first records ended. A place that has not come
    // yet is of a process before this one, of which nothing has been seen.
    private static long Start(HttpContext http, SubrequestRing ring)
    {
        string? place = http.Request.Headers["Last-Event-ID"].FirstOrDefault() ?? http.Request.Query["from"];
        return long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out long from)
            ? from <= ring.Count ? from : 0
            : ring.Count;
    }

    private static async IAsyncEnumerable<SseItem<Batch>> ReadAsync(
        SubrequestRing ring, RecordFilter filter, long from, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            SubrequestRingPage page = await ring.ReadAsync(from, cancellationToken: cancellationToken);
            from = page.Next;
            List<SubrequestRecord> wanted = [.. page.Records.Where(filter.Matches)];
            int skipped = int.Max(0, wanted.Count - BatchSize);
            if (wanted.Count > 0 || page.Missed > 0)
            {
                yield return new SseItem<Batch>(new Batch(wanted[skipped..], page.Missed + skipped), "records")
                {
                    EventId = from.ToString(CultureInfo.InvariantCulture),
                };
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }
    }

    private static void Format(SseItem<Batch> item, IBufferWriter<byte> output)
    {
        using Utf8JsonWriter writer = new(output);
        RecordPage.Write(writer, item.Data.Records, null, item.Data.Skipped);
    }

    private readonly record struct Batch(IReadOnlyList<SubrequestRecord> Records, long Skipped);
}
