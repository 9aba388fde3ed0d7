namespace OutboundInterception;

/// <summary>Counts subrequests and their failures over the last while, in slices that are dropped one by one. Thread-safe.</summary>
internal sealed class FailureTally(TimeSpan window, TimeProvider time) : IOutboundObserver
{
    private const int Slices = 12;

    private readonly Lock _sync = new();
    private readonly (long Slice, int Count, int Failures)[] _slices = new (long, int, int)[Slices];
    private readonly long _sliceTicks = long.Max(1, (long)(window.TotalSeconds * time.TimestampFrequency) / Slices);

    // From 1, so that an untouched slice is an old one.
    private long Now => (time.GetTimestamp() / _sliceTicks) + Slices + 1;

    public void SubrequestCompleted(SubrequestRecord record)
    {
        bool failed = record.Failure is FailureKind.Other or FailureKind.Rejected or FailureKind.Worker or FailureKind.NameResolution
            or FailureKind.Connection or FailureKind.Tls or FailureKind.Protocol or FailureKind.Timeout;
        lock (_sync)
        {
            long now = Now;
            ref (long Slice, int Count, int Failures) slice = ref _slices[now % Slices];
            if (slice.Slice != now)
            {
                slice = (now, 0, 0);
            }

            slice.Count++;
            slice.Failures += failed ? 1 : 0;
        }
    }

    public (int Count, int Failures) Read()
    {
        lock (_sync)
        {
            long now = Now;
            int count = 0;
            int failures = 0;
            foreach ((long slice, int ofSlice, int failed) in _slices)
            {
                if (slice > now - Slices)
                {
                    count += ofSlice;
                    failures += failed;
                }
            }

            return (count, failures);
        }
    }
}
