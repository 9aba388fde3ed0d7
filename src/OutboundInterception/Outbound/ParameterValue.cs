namespace OutboundInterception;

/// <summary>A value that a dispatch gives for an outbound parameter.</summary>
internal readonly record struct ParameterValue(string Name, object? Value);
