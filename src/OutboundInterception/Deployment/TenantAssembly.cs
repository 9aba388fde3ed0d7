namespace OutboundInterception;

/// <summary>A tenant as compiled code: its assembly, and the libraries that it brings along.</summary>
/// <remarks>
/// Deploying copies what is here before it looks at it. An assembly needs the host's word (<see cref="AssemblyTrust"/>):
/// checks by name cannot prove that its instructions keep to their types. Code that nobody reviewed is deployed from source.
/// </remarks>
public sealed class TenantAssembly
{
    /// <summary>The bytes of the assembly that has the handler. Debug information that is embedded in it gives stack traces their lines.</summary>
    public required ReadOnlyMemory<byte> Image { get; init; }

    /// <summary>The bytes of the libraries that it uses, each of which the host has listed with <see cref="AssemblyTrust.TrustLibrary"/>.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<ReadOnlyMemory<byte>> Libraries { get; init; } = [];

    /// <summary>
    /// A detached ECDSA signature of <see cref="Image"/> over SHA-256, in the DER form that <c>openssl dgst -sha256 -sign</c> writes.
    /// </summary>
    /// <value>Default: empty; then the assembly must be trusted by its hash.</value>
    public ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>The full name of the handler's class, where the assembly has more than one.</summary>
    /// <value>Default: <see langword="null"/>; the one public class that implements <see cref="ITenantHandler"/>.</value>
    public string? HandlerType { get; init; }

    /// <summary>Reads an assembly from a file, without any library.</summary>
    public static async Task<TenantAssembly> ReadAsync(string path, CancellationToken cancellationToken = default) =>
        new() { Image = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false) };
}
