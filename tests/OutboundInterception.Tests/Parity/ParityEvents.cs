using System.Collections.Concurrent;

namespace OutboundInterception.Tests.Parity;

/// <summary>What happened beside requests and answers, in order.</summary>
internal sealed class ParityEvents : IDisposable
{
    private readonly ConcurrentQueue<string> _seen = new();
    private readonly SemaphoreSlim _arrived = new(0);

    public IEnumerable<string> Seen => _seen;

    public void Add(string text)
    {
        _seen.Enqueue(text);
        _arrived.Release();
    }

    /// <summary>Waits for as many, but not for ever: too few of them show in the comparison.</summary>
    public async Task WaitAsync(int count)
    {
        for (int index = 0; index < count && await _arrived.WaitAsync(TimeSpan.FromSeconds(10)); index++)
        {
        }
    }

    public void Dispose() => _arrived.Dispose();
}
