namespace OutboundInterception.Benchmarks;

/// <summary>What a candidate took.</summary>
/// <param name="Nanoseconds">An operation's time in the fastest slice: whatever else the machine does only adds.</param>
/// <param name="Bytes">What an operation allocates, in the slice that allocated least.</param>
internal readonly record struct Timing(double Nanoseconds, double Bytes);
