using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

/// <summary>What a version is loaded from. The bytes are the library's own: nobody else has these arrays.</summary>
internal sealed class TenantPackage
{
    public TenantPackage(TenantAssembly assembly, ServiceLifetime lifetime)
        : this(assembly.Image.ToArray(), lifetime)
    {
        Libraries = [.. assembly.Libraries.Select(static library => library.ToArray())];
        Signature = assembly.Signature.ToArray();
        HandlerType = assembly.HandlerType;
    }

    /// <param name="image">Not copied: the caller gives it away.</param>
    /// <param name="lifetime">Of the handler.</param>
    private TenantPackage(byte[] image, ServiceLifetime lifetime)
    {
        Image = image;
        Lifetime = lifetime;
        Sha256 = AssemblyTrust.Hash(image);
    }

    public byte[] Image { get; }

    public string Sha256 { get; }

    public ServiceLifetime Lifetime { get; }

    public IReadOnlyList<byte[]> Libraries { get; private init; } = [];

    public byte[] Signature { get; private init; } = [];

    public string? HandlerType { get; private init; }

    /// <summary>Whether the host compiled it, with the analyzer, from source: then nobody has to vouch for it.</summary>
    public bool IsFromSource { get; private init; }

    public static TenantPackage Compiled(byte[] image, string? handlerType, ServiceLifetime lifetime) =>
        new(image, lifetime) { HandlerType = handlerType, IsFromSource = true };
}
