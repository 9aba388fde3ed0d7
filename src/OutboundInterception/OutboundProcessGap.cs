namespace OutboundInterception;

/// <summary>A setting of the runtime that the process was started without, and what that leaves open to tenants.</summary>
/// <param name="Setting">Its name in <c>runtimeconfig.json</c>.</param>
/// <param name="Expected">What it should be.</param>
/// <param name="Actual">What it is, or <see langword="null"/> if it is not set.</param>
/// <param name="Property">The MSBuild property that sets it alone.</param>
/// <param name="LeavesOpen">What code in the process can do without it.</param>
public sealed record OutboundProcessGap(string Setting, string Expected, string? Actual, string Property, string LeavesOpen);
