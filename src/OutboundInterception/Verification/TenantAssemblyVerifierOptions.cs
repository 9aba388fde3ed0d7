namespace OutboundInterception;

/// <summary>How <see cref="TenantAssemblyVerifier"/> reads an assembly. Not safe for change while it is in use.</summary>
public sealed class TenantAssemblyVerifierOptions
{
    /// <summary>Further assemblies that tenant code may reference, each with what of it may be used.</summary>
    /// <value>None by default: the contracts and the framework assemblies of the sandbox policy alone.</value>
    public IList<AllowedAssembly> AllowedAssemblies { get; } = [];

    /// <summary>A portable PDB that belongs to the assembly, for source positions. An embedded one is found without.</summary>
    /// <value>Empty by default. One that can't be read gives no positions and changes nothing else.</value>
    public ReadOnlyMemory<byte> Symbols { get; set; }

    /// <summary>The largest file that is read, in bytes.</summary>
    /// <value>1 or more; 33,554,432 (32 MiB) by default.</value>
    public int MaxBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>After how many violations the verifier stops.</summary>
    /// <value>1 or more; 1,000 by default.</value>
    public int MaxViolations { get; set; } = 1000;
}
