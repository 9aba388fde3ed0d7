namespace OutboundInterception;

/// <summary>What one tenant or host had of the traffic, and how it was spread over the time.</summary>
internal sealed record TrafficShare(string Name, int Count, int Blocked, IReadOnlyList<int> Slots);
