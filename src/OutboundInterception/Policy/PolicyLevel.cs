namespace OutboundInterception;

/// <summary>The compiled rules of the namespace or of one tenant; a list without rules is <see langword="null"/>.</summary>
internal sealed record PolicyLevel(PolicyMode? Mode, RuleList? Allow, RuleList? Deny);
