namespace OutboundInterception;

/// <summary>What a <see cref="SubrequestRing"/> has had since a reader last asked.</summary>
/// <param name="Records">The records, the oldest first.</param>
/// <param name="Next">Where to go on reading: how many records the ring had ever had after the last of these.</param>
/// <param name="Missed">How many came and were overwritten before they were read.</param>
public readonly record struct SubrequestRingPage(IReadOnlyList<SubrequestRecord> Records, long Next, long Missed);
