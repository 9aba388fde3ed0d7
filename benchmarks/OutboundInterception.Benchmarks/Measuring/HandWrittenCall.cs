using System.Diagnostics;

namespace OutboundInterception.Benchmarks;

/// <summary>One call, and what cancels it.</summary>
internal sealed class HandWrittenCall(HandWrittenHandler handler, HttpRequestMessage request) : CancellationTokenSource
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly HttpMethod _method = request.Method;
    private readonly Uri? _uri = request.RequestUri;
    private int _hasEnded;

    public int Status { get; set; }

    public void End(long bytes)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            handler.Leave(new HandWrittenRecord(_method, _uri, Status, bytes, Stopwatch.GetElapsedTime(_start)));
        }
    }
}
