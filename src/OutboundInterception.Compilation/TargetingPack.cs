using System.Collections.Immutable;
using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.Extensions.Logging;

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
        references.Add(ReferenceTo(SharedAssemblies.Contracts));

        // No part of the framework, but of every host.
        references.Add(ReferenceTo(typeof(ILogger).Assembly));
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
                generators.Add(MakeGenerator(AssemblyLoadContext.GetLoadContext(typeof(TargetingPack).Assembly)!.LoadFromStream(image)));
            }
        }

        return (references.ToImmutable(), generators.ToImmutable());
    }

    // By name: other types of these assemblies need parts of an editor that no host has.
    private static ISourceGenerator MakeGenerator(Assembly assembly)
    {
        string name = assembly.GetName().Name == "System.Text.Json.SourceGeneration"
            ? "System.Text.Json.SourceGeneration.JsonSourceGenerator"
            : "System.Text.RegularExpressions.Generator.RegexGenerator";
        return ((IIncrementalGenerator)Activator.CreateInstance(assembly.GetType(name, throwOnError: true)!)!).AsSourceGenerator();
    }

    // From memory: there is no file where the host is published as one.
    private static unsafe PortableExecutableReference ReferenceTo(Assembly assembly) =>
        assembly.TryGetRawMetadata(out byte* metadata, out int length)
            ? AssemblyMetadata.Create(ModuleMetadata.CreateFromMetadata((nint)metadata, length)).GetReference(display: assembly.GetName().Name)
            : throw new InvalidOperationException($"The metadata of {assembly} cannot be read.");
}
