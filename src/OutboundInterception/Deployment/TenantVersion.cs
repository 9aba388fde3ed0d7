namespace OutboundInterception;

/// <summary>One version of a deployed tenant, as it was when it was asked for. Immutable.</summary>
public sealed record TenantVersion
{
    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>Counted from 1 for each tenant; never given twice while the tenant exists.</summary>
    public required int Number { get; init; }

    /// <summary>The SHA-256 of the assembly that was verified and is run, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Whether the host compiled it from source itself.</summary>
    public required bool IsFromSource { get; init; }

    /// <summary>When it was deployed.</summary>
    public required DateTimeOffset Deployed { get; init; }

    /// <summary>The share of new dispatches that go to it, in percent; 0 for one that is kept to go back to.</summary>
    public required double Percent { get; init; }
}
