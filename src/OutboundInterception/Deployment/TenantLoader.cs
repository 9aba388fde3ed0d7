using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

/// <summary>From bytes to a handler: trusted, verified, loaded from the very bytes that were verified.</summary>
[RequiresUnreferencedCode(Requirement)]
internal sealed class TenantLoader(string tenant, AssemblyTrust trust, IServiceProvider services)
{
    public const string Requirement = "The tenant's code is not known when the host is trimmed.";

    /// <exception cref="DeploymentException">The package is refused. Nothing of it is loaded.</exception>
    public LoadedTenant Load(TenantPackage package)
    {
        if (!package.IsFromSource && !trust.IsTrusted(package))
        {
            throw Refuse(
                "not-trusted",
                $"Nobody vouches for the assembly with the SHA-256 {package.Sha256}. Trust it with Deployments.Trust.TrustAssembly(\"{package.Sha256}\"), sign it under a key of Trust.TrustKey, or deploy from source.");
        }

        string name = NameOf(package.Image, "The tenant's assembly");
        TenantAssemblyVerifierOptions allowed = new();
        Dictionary<string, byte[]> libraries = CheckLibraries(package, name, allowed);
        VerificationResult result = TenantAssemblyVerifier.Verify(package.Image, allowed);
        if (!result.IsAllowed)
        {
            throw new DeploymentException(tenant, [.. result.Violations.Select(Describe)]);
        }

        string label = $"{tenant} {package.Sha256[..12]}";
        LibraryLoadContext? shelf = libraries.Count == 0 ? null : new LibraryLoadContext($"{label} libraries");
        TenantLoadContext context = new(label, shelf?.Libraries ?? new Dictionary<string, Assembly>());
        try
        {
            foreach ((string library, byte[] image) in libraries)
            {
                shelf!.Add(library, image);
            }

            using MemoryStream stream = new(package.Image, writable: false);
            Type handler = FindHandler(context.LoadFromStream(stream), package.HandlerType);
            return shelf is null ? new LoadedTenant(Factory(handler), context) : new LoadedTenant(Factory(handler), context, shelf);
        }
        catch (Exception exception)
        {
            context.Unload();
            shelf?.Unload();
            if (exception is BadImageFormatException or FileLoadException or FileNotFoundException or TypeLoadException or ReflectionTypeLoadException)
            {
                throw Refuse("load", $"The assembly cannot be loaded: {exception.Message}");
            }

            throw;
        }
    }

    private static Func<IServiceProvider, ITenantHandler> Factory(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type handler) =>
        provider => (ITenantHandler)ActivatorUtilities.CreateInstance(provider, handler);

    private static DeploymentDiagnostic Describe(VerificationViolation violation)
    {
        string offset = violation.Offset is { } at ? string.Create(CultureInfo.InvariantCulture, $" IL_{at:x4}") : string.Empty;
        return new DeploymentDiagnostic
        {
            Rule = violation.Rule.ToString(),
            Message = $"{violation.Member}{offset}: {violation.Target}: {violation.Reason}",
            File = violation.File,
            Line = violation.Line ?? 0,
        };
    }

    private Dictionary<string, byte[]> CheckLibraries(TenantPackage package, string tenantAssembly, TenantAssemblyVerifierOptions allowed)
    {
        Dictionary<string, byte[]> libraries = new(StringComparer.OrdinalIgnoreCase);
        foreach (byte[] image in package.Libraries)
        {
            string hash = AssemblyTrust.Hash(image);
            if (trust.MembersOf(hash) is not { } members)
            {
                throw Refuse("library-not-listed", $"The library with the SHA-256 {hash} is not listed. List it with Deployments.Trust.TrustLibrary(\"{hash}\", …) and the members that tenants may call.");
            }

            string name = NameOf(image, $"The library with the SHA-256 {hash}");
            if (name.Equals(tenantAssembly, StringComparison.OrdinalIgnoreCase) || !libraries.TryAdd(name, image))
            {
                throw Refuse("assembly-name", $"There are two assemblies called '{name}'.");
            }

            allowed.AllowedAssemblies.Add(new AllowedAssembly(name, members));
        }

        return libraries;
    }

    private string NameOf(byte[] image, string which)
    {
        try
        {
            using MemoryStream stream = new(image, writable: false);
            using PEReader reader = new(stream);
            MetadataReader metadata = reader.GetMetadataReader();
            string name = metadata.GetString(metadata.GetAssemblyDefinition().Name);
            return !SharedAssemblies.IsReserved(name)
                ? name
                : throw Refuse("assembly-name", $"{which} is called '{name}', as one of the framework or of this library is, or might be. Give it a name of its own.");
        }
        catch (Exception exception) when (exception is BadImageFormatException or InvalidOperationException)
        {
            throw Refuse("not-an-assembly", $"{which} is not a .NET assembly: {exception.Message}");
        }
    }

    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    private Type FindHandler(Assembly assembly, string? name)
    {
        Type[] handlers = [.. assembly.GetExportedTypes().Where(static type =>
            type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && typeof(ITenantHandler).IsAssignableFrom(type))];
        Type? handler = name is null ? handlers.Length == 1 ? handlers[0] : null : Array.Find(handlers, type => type.FullName == name);
        if (handler is null)
        {
            string found = handlers.Length == 0 ? "none" : string.Join(", ", handlers.Select(static type => type.FullName));
            throw Refuse("handler", name is null
                ? $"There must be one public class that implements {nameof(ITenantHandler)}, or {nameof(TenantAssembly.HandlerType)} must name one. There are: {found}."
                : $"There is no public class '{name}' that implements {nameof(ITenantHandler)}. There are: {found}.");
        }

        if (TenantConstructor.Refusal(handler) is { } refusal)
        {
            throw Refuse("constructor", refusal);
        }

        // A container keeps the services of closed generic types for good, and with ILogger<T> the T.
        if (handler.GetConstructors().SelectMany(static constructor => constructor.GetParameters()).FirstOrDefault(static parameter => parameter.ParameterType.IsCollectible) is { } own)
        {
            throw Refuse("constructor", $"the constructor of {handler} takes {own.ParameterType} ({own.Name}), which has a type of the tenant's own in it: the host's container would keep the tenant's code for good.");
        }

        return services.GetService<IServiceProviderIsService>() is { } known && TenantConstructor.Unresolvable(handler, known) is { } missing
            ? throw Refuse("constructor", missing)
            : handler;
    }

    private DeploymentException Refuse(string rule, string message) => new(tenant, rule, message);
}
