using System.Collections.Frozen;
using System.Text;

namespace OutboundInterception;

/// <summary>A tenant as C# source files. Immutable.</summary>
/// <remarks>
/// Compiled as the SDK compiles a class library of .NET 10: nullable, with the usual implicit usings, and with the source
/// generators for JSON and regular expressions. There is no project file, no package and no directive that could change
/// that: unsafe code is off, and the references are the contracts and the framework assemblies that tenants may use.
/// </remarks>
public sealed class TenantSource
{
    /// <summary>The most files that a tenant may have.</summary>
    public const int MaxFiles = 1_000;

    /// <summary>The most characters that one file may have.</summary>
    public const int MaxFileLength = 128 * 1024;

    /// <summary>The most characters that all files together may have.</summary>
    public const int MaxLength = 8 * 1024 * 1024;

    /// <param name="files">The text of each file by its path, which diagnostics name. Copied.</param>
    /// <exception cref="ArgumentException">There are none, too many, or too long ones.</exception>
    public TenantSource(IReadOnlyDictionary<string, string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        Files = files.ToFrozenDictionary(StringComparer.Ordinal);
        if (Files.Count is 0 or > MaxFiles)
        {
            throw new ArgumentException($"A tenant has 1 to {MaxFiles} source files; these are {Files.Count}.", nameof(files));
        }

        foreach ((string path, string text) in Files)
        {
            if (text is null || text.Length > MaxFileLength)
            {
                throw new ArgumentException($"'{path}' has {(text is null ? "no text" : $"{text.Length} characters")}; a file has at most {MaxFileLength}.", nameof(files));
            }
        }

        long length = Files.Values.Sum(static text => (long)text.Length);
        if (length > MaxLength)
        {
            throw new ArgumentException($"A tenant's source has at most {MaxLength} characters; this has {length}.", nameof(files));
        }
    }

    /// <summary>The text of each file by its path.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    /// <summary>The full name of the handler's class, where the source has more than one.</summary>
    /// <value>Default: <see langword="null"/>; the one public class that implements <see cref="ITenantHandler"/>.</value>
    public string? HandlerType { get; init; }

    /// <summary>
    /// How long compiling may take; after that the deployment is refused with the rule <c>too-costly</c>, as it is when the
    /// process holds more than 1 GiB more than when compiling began, whoever took it. What is known to take far longer is
    /// refused before, with the same rule or <c>too-deep</c>.
    /// </summary>
    /// <value>More than zero, at most an hour; 30 seconds by default. Analysing the code may take as long again.</value>
    /// <remarks>
    /// A compilation that does not heed its cancellation goes on until it ends. While four of those go on,
    /// nothing is compiled: the rule is <c>too-busy</c>.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public TimeSpan TimeLimit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, nameof(TimeLimit));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1), nameof(TimeLimit));
            field = value;
        }
    } = TimeSpan.FromSeconds(30);

    /// <summary>One file.</summary>
    /// <param name="text">C# source.</param>
    /// <param name="path">What diagnostics call it.</param>
    public static TenantSource FromText(string text, string path = "Tenant.cs") => new(new Dictionary<string, string> { [path] = text });

    /// <summary>
    /// All <c>*.cs</c> files of a folder and those below it, but for <c>bin</c>, <c>obj</c> and what links lead to. Nothing else in it is
    /// read: no project file, no editorconfig.
    /// </summary>
    /// <param name="folder">Where they are. Diagnostics name paths relative to it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ArgumentException">There are none, too many, or too long ones.</exception>
    public static async Task<TenantSource> ReadFolderAsync(string folder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        EnumerationOptions options = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden };
        long bytes = 0;
        foreach (string file in Directory.EnumerateFiles(folder, "*.cs", options))
        {
            string path = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (path.StartsWith("bin/", StringComparison.Ordinal) || path.StartsWith("obj/", StringComparison.Ordinal))
            {
                continue;
            }

            // Before it is read: a folder may hold more than memory does.
            bytes += new FileInfo(file).Length;
            if (files.Count == MaxFiles || bytes > MaxLength * sizeof(int))
            {
                throw new ArgumentException($"'{folder}' has more than {MaxFiles} source files, or more text in them than {MaxLength} characters.", nameof(folder));
            }

            files.Add(path, await File.ReadAllTextAsync(file, Encoding.UTF8, cancellationToken).ConfigureAwait(false));
        }

        return new TenantSource(files);
    }
}
