namespace OutboundInterception;

/// <summary>
/// Tells the time of a timestamp that was taken anyway: reading two clocks costs as much as sending through a handler. Where
/// both stand is read anew once a second, so that a clock that is set right is followed. Thread-safe.
/// </summary>
internal sealed class RecordClock(TimeProvider time)
{
    private volatile Reading _last = new(time);

    /// <param name="timestamp">The provider's, not older than the subrequest that it is of.</param>
    public DateTime ToUtc(long timestamp)
    {
        Reading last = _last;
        if (timestamp - last.Timestamp >= time.TimestampFrequency)
        {
            _last = last = new Reading(time);
        }

        // Before the reading where the subrequest is older than that: the difference is negative then.
        return last.Utc + time.GetElapsedTime(last.Timestamp, timestamp);
    }

    private sealed class Reading(TimeProvider time)
    {
        public readonly DateTime Utc = time.GetUtcNow().UtcDateTime;
        public readonly long Timestamp = time.GetTimestamp();
    }
}
