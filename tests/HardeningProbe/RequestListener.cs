using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace HardeningProbe;

/// <summary>Reads what the HTTP stack tells of itself.</summary>
public sealed class RequestListener : EventListener
{
    private readonly ConcurrentQueue<string> _texts = new();

    public bool Saw(string text) => _texts.Any(seen => seen.Contains(text, StringComparison.Ordinal));

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name.EndsWith("System.Net.Http", StringComparison.Ordinal))
        {
            EnableEvents(eventSource, EventLevel.LogAlways, EventKeywords.All);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
        _texts.Enqueue(string.Join('|', eventData.Payload ?? (IReadOnlyList<object?>)[]));
}
