namespace OutboundInterception;

/// <summary>What another policy would have changed.</summary>
internal sealed record DryRunView(int Compared, int Changed, IReadOnlyList<DryRunRow> Rows, IReadOnlyList<string> Problems);
