using System.Globalization;

namespace OutboundInterception;

/// <summary>A file that is put aside when it is full: <c>a.jsonl</c> becomes <c>a.1.jsonl</c>, that <c>a.2.jsonl</c>. For one thread.</summary>
internal sealed class RotatingFile : IDisposable
{
    private readonly long _maxBytes;
    private readonly int _maxFiles;
    private FileStream? _stream;

    public RotatingFile(string path, long maxBytes, int maxFiles)
    {
        Path = System.IO.Path.GetFullPath(path);
        _maxBytes = maxBytes;
        _maxFiles = maxFiles;
        _stream = Open();
    }

    public string Path { get; }

    /// <summary>Writes whole lines, and has them on the disk's side when it returns.</summary>
    public void Write(ReadOnlySpan<byte> lines)
    {
        FileStream stream = _stream ??= Open();
        try
        {
            if (stream.Length >= _maxBytes)
            {
                stream = Rotate();
            }

            stream.Write(lines);
            stream.Flush();
        }
        catch
        {
            // What is half written would spoil the next line: begin anew, with a new handle.
            _stream?.Dispose();
            _stream = null;
            throw;
        }
    }

    public void Dispose() => _stream?.Dispose();

    private FileStream Rotate()
    {
        _stream?.Dispose();
        _stream = null;
        File.Delete(Aside(_maxFiles - 1));
        for (int index = _maxFiles - 1; index > 0; index--)
        {
            if (File.Exists(Aside(index - 1)))
            {
                File.Move(Aside(index - 1), Aside(index));
            }
        }

        return _stream = Open();
    }

    private string Aside(int index) => index == 0
        ? Path
        : System.IO.Path.ChangeExtension(Path, string.Create(CultureInfo.InvariantCulture, $"{index}{System.IO.Path.GetExtension(Path)}"));

    private FileStream Open()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        FileStream stream = new(Path, options);
        long end = stream.Seek(0, SeekOrigin.End);
        if (end > 0)
        {
            // A line that a crash tore apart stays the only one that is torn.
            stream.Seek(-1, SeekOrigin.End);
            if (stream.ReadByte() != '\n')
            {
                stream.WriteByte((byte)'\n');
            }
        }

        return stream;
    }
}
