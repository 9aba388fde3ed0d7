using System.Collections.Immutable;
using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace OutboundInterception;

/// <summary>What tenants are compiled against, the same on every machine. Made once, and shared by all compilations.</summary>
internal static class TargetingPack
{
    private static readonly Lazy<(ImmutableArray<MetadataReference> References, ImmutableArray<ISourceGenerator> Generators)> s_pack = new(Read);

    /// <summary>The contracts, and the framework assemblies that tenants may use.</summary>
    public static ImmutableArray<MetadataReference> References => s_pack.Value.References;

    /// <summary>The SDK's own for JSON and regular expressions. Tenants bring none.</summary>
    public static ImmutableArray<ISourceGenerator> Generators => s_pack.Value.Generators;

    private static (ImmutableArray<MetadataReference> References, ImmutableArray<ISourceGenerator> Generators) Read()
    {
        using Stream resource = typeof(TargetingPack).Assembly.GetManifestResourceStream("targeting-pack.zip")!;
        using ZipArchive pack = new(resource);
        ImmutableArray<MetadataReference>.Builder references = ImmutableArray.CreateBuilder<MetadataReference>();
        ImmutableArray<ISourceGenerator>.Builder generators = ImmutableArray.CreateBuilder<ISourceGenerator>();
        references.Add(Contracts());
        foreach (ZipArchiveEntry entry in pack.Entries.Where(static entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal)))
        {
            using MemoryStream image = new();
            using (Stream packed = entry.Open())
            {
                packed.CopyTo(image);
            }

            image.Position = 0;
            if (entry.FullName.StartsWith("ref", StringComparison.Ordinal))
            {
                if (SharedAssemblies.IsOpenToTenants(Path.GetFileNameWithoutExtension(entry.Name)))
                {
                    references.Add(MetadataReference.CreateFromStream(image, filePath: entry.Name));
                }
            }
            else
            {
                generators.AddRange(Generate(AssemblyLoadContext.GetLoadContext(typeof(TargetingPack).Assembly)!.LoadFromStream(image)));
            }
        }

        return (references.ToImmutable(), generators.ToImmutable());
    }

    private static IEnumerable<ISourceGenerator> Generate(Assembly assembly) => assembly.GetTypes()
        .Where(static type => type.GetCustomAttribute<GeneratorAttribute>() is { } generator && generator.Languages.Contains(LanguageNames.CSharp))
        .Select(static type => Activator.CreateInstance(type) switch
        {
            IIncrementalGenerator incremental => incremental.AsSourceGenerator(),
            object other => (ISourceGenerator)other,
            null => throw new InvalidOperationException($"{type} could not be made."),
        });

    // From memory: there is no file where the host is published as one.
    private static unsafe PortableExecutableReference Contracts()
    {
        Assembly contracts = SharedAssemblies.Contracts;
        return contracts.TryGetRawMetadata(out byte* metadata, out int length)
            ? AssemblyMetadata.Create(ModuleMetadata.CreateFromMetadata((nint)metadata, length)).GetReference(display: contracts.GetName().Name)
            : throw new InvalidOperationException($"The metadata of {contracts} cannot be read.");
    }
}
