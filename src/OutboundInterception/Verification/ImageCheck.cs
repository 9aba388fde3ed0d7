using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace OutboundInterception;

/// <summary>Refuses whatever a file holds besides IL and its metadata, before the metadata is read.</summary>
internal static class ImageCheck
{
    private static readonly string[] s_streams = ["#~", "#Strings", "#US", "#GUID", "#Blob"];

    /// <summary>Looks at the headers.</summary>
    /// <returns>What is wrong with them, by what it concerns.</returns>
    public static IEnumerable<(string Target, string Reason)> Check(PEReader image)
    {
        PEHeaders headers = image.PEHeaders;
        if (headers.CorHeader is not { } cor || headers.PEHeader is not { } pe || !image.HasMetadata)
        {
            throw new BadImageFormatException("The file is not a managed assembly.");
        }

        if ((cor.Flags & CorFlags.ILOnly) == 0 || (cor.Flags & CorFlags.NativeEntryPoint) != 0)
        {
            yield return ("CorFlags", "the file holds native code");
        }

        if (cor.EntryPointTokenOrRelativeVirtualAddress != 0)
        {
            yield return ("entry point", "the file is a program: build a library");
        }

        foreach ((DirectoryEntry directory, string name, string reason) in Directories(cor, pe))
        {
            if (directory.Size != 0 || directory.RelativeVirtualAddress != 0)
            {
                yield return (name, reason);
            }
        }

        foreach (string stream in Streams(image.GetMetadata()))
        {
            yield return (stream, "the metadata has a stream that compilers do not write, or one twice");
        }
    }

    /// <summary>The streams of the metadata that are unknown or stand twice: another reader may choose another of the two.</summary>
    private static List<string> Streams(PEMemoryBlock metadata)
    {
        BlobReader reader = metadata.GetReader();
        if (reader.ReadUInt32() != 0x424A5342)
        {
            throw new BadImageFormatException("The metadata has no signature.");
        }

        // ECMA-335 II.24.2.1: versions and a reserved word, the version string, flags, the number of streams.
        reader.Offset = 12;
        int version = reader.ReadInt32();
        reader.Offset += version + 2;
        int count = reader.ReadUInt16();
        List<string> wrong = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            reader.Offset += 8;
            int start = reader.Offset;
            int end = reader.IndexOf(0);
            string name = end is < 0 or > 32 ? throw new BadImageFormatException("A metadata stream has no name.") : reader.ReadUTF8(end);
            reader.Offset = start + ((end + 4) & ~3);
            if (!seen.Add(name) || Array.IndexOf(s_streams, name) < 0)
            {
                wrong.Add(name);
            }
        }

        return wrong;
    }

    private static (DirectoryEntry Directory, string Name, string Reason)[] Directories(CorHeader cor, PEHeader pe) =>
    [
        (cor.ManagedNativeHeaderDirectory, "ReadyToRun header", "the file holds precompiled native code"),
        (cor.VtableFixupsDirectory, "vtable fixups", "the file lets native code call in"),
        (cor.ExportAddressTableJumpsDirectory, "export jumps", "the file lets native code call in"),
        (cor.CodeManagerTableDirectory, "code manager table", "the file holds native code"),
        (pe.ExportTableDirectory, "export table", "the file lets native code call in"),
        (pe.DelayImportTableDirectory, "delay imports", "the file loads native libraries"),
        (pe.BoundImportTableDirectory, "bound imports", "the file loads native libraries"),
        (pe.ThreadLocalStorageTableDirectory, "thread-local storage", "the file holds native code"),
        (pe.ExceptionTableDirectory, "exception table", "the file holds native code"),
    ];
}
