using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace OutboundInterception;

/// <summary>Source positions from a portable PDB. They are for people to read: a PDB that is missing or malformed gives none.</summary>
internal sealed class SourcePositions : IDisposable
{
    // 64 MiB: an embedded PDB says itself how large it becomes, and is inflated at once.
    private const int MaxBytes = 64 * 1024 * 1024;

    private readonly MetadataReaderProvider? _provider;
    private readonly MetadataReader? _reader;

    private SourcePositions(MetadataReaderProvider? provider)
    {
        _provider = provider;
        try
        {
            _reader = provider?.GetMetadataReader();
        }
        catch (BadImageFormatException)
        {
            _reader = null;
        }
    }

    /// <summary>The PDB that was given, else the one that is embedded, else none.</summary>
    public static SourcePositions Open(PEReader image, ImmutableArray<byte> symbols) =>
        new(symbols.IsDefaultOrEmpty ? Embedded(image) : MetadataReaderProvider.FromPortablePdbImage(symbols));

    /// <summary>Where an instruction comes from.</summary>
    public (string? File, int? Line) Find(MethodDefinitionHandle method, int offset)
    {
        if (_reader is null)
        {
            return default;
        }

        try
        {
            SequencePoint? best = null;
            foreach (SequencePoint point in _reader.GetMethodDebugInformation(method.ToDebugInformationHandle()).GetSequencePoints())
            {
                best = !point.IsHidden && (best is null || point.Offset <= offset) ? point : best;
                if (point.Offset > offset && best is not null)
                {
                    break;
                }
            }

            return best is { } found ? (_reader.GetString(_reader.GetDocument(found.Document).Name), found.StartLine) : default;
        }
        catch (Exception exception) when (exception is BadImageFormatException or ArgumentException or InvalidOperationException)
        {
            return default;
        }
    }

    public void Dispose() => _provider?.Dispose();

    private static MetadataReaderProvider? Embedded(PEReader image)
    {
        try
        {
            foreach (DebugDirectoryEntry entry in image.ReadDebugDirectory())
            {
                if (entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb && Inflated(image, entry) is > 0 and <= MaxBytes)
                {
                    return image.ReadEmbeddedPortablePdbDebugDirectoryData(entry);
                }
            }
        }
        catch (Exception exception) when (exception is BadImageFormatException or InvalidDataException or IOException)
        {
            return null;
        }

        return null;
    }

    private static int Inflated(PEReader image, DebugDirectoryEntry entry)
    {
        // "MPDB", then the inflated size (portable PDB specification, embedded portable PDB debug directory entry).
        PEMemoryBlock block = image.GetSectionData(entry.DataRelativeVirtualAddress);
        return block.Length < 8 ? 0 : block.GetReader(4, 4).ReadInt32();
    }
}
