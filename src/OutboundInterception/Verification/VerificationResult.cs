namespace OutboundInterception;

/// <summary>What <see cref="TenantAssemblyVerifier"/> found. Immutable.</summary>
public sealed class VerificationResult
{
    internal VerificationResult(string? assemblyName, IReadOnlyList<VerificationViolation> violations, bool isTruncated)
    {
        AssemblyName = assemblyName;
        Violations = violations;
        IsTruncated = isTruncated;
    }

    /// <summary>The assembly's simple name; <see langword="null"/> if the file could not be read so far.</summary>
    public string? AssemblyName { get; }

    /// <summary>Whether nothing was found.</summary>
    public bool IsAllowed => Violations.Count == 0;

    /// <summary>What was found, in the order of the metadata.</summary>
    public IReadOnlyList<VerificationViolation> Violations { get; }

    /// <summary>Whether there is more than <see cref="TenantAssemblyVerifierOptions.MaxViolations"/>.</summary>
    public bool IsTruncated { get; }
}
