using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;

namespace OutboundInterception;

/// <summary>
/// Which compiled code the host vouches for. Empty at first: then no assembly can be deployed. Safe for use by several
/// threads.
/// </summary>
/// <remarks>
/// The verifier knows what an assembly names, not whether its instructions treat an object as what it is: the runtime does
/// not check that, and a forged assembly reads private fields through it. Trust only what came from a compiler of your own
/// or was reviewed. Strong names prove nothing: the runtime does not check them.
/// </remarks>
public sealed class AssemblyTrust
{
    private readonly ConcurrentDictionary<string, byte> _assemblies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FrozenSet<string>> _libraries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> _keys = new(StringComparer.Ordinal);

    internal AssemblyTrust()
    {
    }

    /// <summary>Lets one assembly be deployed as a tenant. It is verified all the same.</summary>
    /// <param name="sha256">The hash of its bytes, as <c>sha256sum</c> writes it.</param>
    /// <exception cref="ArgumentException">It is not 64 hexadecimal digits.</exception>
    public void TrustAssembly(string sha256) => _assemblies[Normalize(sha256)] = 0;

    /// <summary>Lets every assembly be deployed as a tenant that comes with a signature under this key. It is verified all the same.</summary>
    /// <param name="publicKey">An ECDSA public key as SubjectPublicKeyInfo in DER, as <see cref="AsymmetricAlgorithm.ExportSubjectPublicKeyInfo"/> gives it.</param>
    /// <returns>The key's name for <see cref="Revoke"/>: the SHA-256 of what was given.</returns>
    /// <exception cref="CryptographicException">It is no such key.</exception>
    public string TrustKey(ReadOnlySpan<byte> publicKey)
    {
        using ECDsa key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        byte[] canonical = key.ExportSubjectPublicKeyInfo();
        string name = Hash(canonical);
        _keys[name] = canonical;
        return name;
    }

    /// <summary>
    /// Lets tenants bring a library. The library itself is the host's to vouch for: it is not verified, and may use the whole
    /// framework. What tenants may call of it is what is listed here.
    /// </summary>
    /// <param name="sha256">The hash of its bytes.</param>
    /// <param name="members">
    /// What tenant code may call, as <see cref="AllowedAssembly"/> has it: <c>M:Lib.Parser.Read</c> for a member with all its overloads,
    /// <c>T:Lib.Parser</c> for a type with all its members. Mind members that take a URL, a path or a handler: what they do then, no outbound worker sees.
    /// </param>
    /// <exception cref="ArgumentException">The hash or a member is malformed.</exception>
    public void TrustLibrary(string sha256, params IEnumerable<string> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        FrozenSet<string> set = members.ToFrozenSet(StringComparer.Ordinal);
        _ = new AllowedAssembly("library", set);
        _libraries[Normalize(sha256)] = set;
    }

    /// <summary>Takes back what was said of an assembly, a library or a key. Versions that run go on; they can't be activated again.</summary>
    /// <param name="sha256">Of the assembly, the library or the key.</param>
    /// <returns>Whether it was trusted.</returns>
    public bool Revoke(string sha256)
    {
        string hash = Normalize(sha256);
        return _assemblies.TryRemove(hash, out _) | _libraries.TryRemove(hash, out _) | _keys.TryRemove(hash, out _);
    }

    internal static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    internal bool IsTrusted(TenantPackage package) =>
        _assemblies.ContainsKey(package.Sha256) || (package.Signature.Length > 0 && _keys.Values.Any(key => IsSigned(package, key)));

    /// <summary>What tenants may call of a library, or <see langword="null"/> if it is not listed.</summary>
    internal FrozenSet<string>? MembersOf(string sha256) => _libraries.GetValueOrDefault(sha256);

    private static bool IsSigned(TenantPackage package, byte[] publicKey)
    {
        using ECDsa key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        return key.VerifyData(package.Image, package.Signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static string Normalize(string sha256)
    {
        ArgumentNullException.ThrowIfNull(sha256);
        return sha256.Length == SHA256.HashSizeInBytes * 2 && sha256.All(char.IsAsciiHexDigit)
            ? sha256.ToLowerInvariant()
            : throw new ArgumentException($"'{sha256}' is not a SHA-256: write its 64 hexadecimal digits.", nameof(sha256));
    }
}
