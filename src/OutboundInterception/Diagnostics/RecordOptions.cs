namespace OutboundInterception;

/// <summary>What the records of a namespace's subrequests hold. Read once, when the namespace is made.</summary>
public sealed class RecordOptions
{
    /// <summary>How much of a URL is recorded.</summary>
    /// <value><see cref="RecordedUrl.Template"/> by default.</value>
    public RecordedUrl Url { get; set; } = RecordedUrl.Template;

    /// <summary>
    /// Makes the template of a path, for hosts that know the APIs that their tenants call. Gets host and escaped path. Asked
    /// only with <see cref="RecordedUrl.Template"/>, once a record; when it fails, the path is recorded as <c>/{redacted}</c>.
    /// </summary>
    /// <value><see langword="null"/> by default: segments that do not look like words are replaced.</value>
    public Func<string, string, string>? PathTemplate { get; set; }

    /// <summary>Headers whose values may be recorded, where an observer asks for headers; of the others there is the name.</summary>
    /// <value>Names, whatever their case. Those that say how a message is framed, typed and cached by default.</value>
    public ISet<string> SafeHeaders { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Accept-Encoding", "Accept-Language", "Age", "Allow", "Cache-Control", "CDN-Loop", "Content-Encoding",
        "Content-Language", "Content-Length", "Content-Type", "Date", "Expires", "Last-Modified", "Retry-After", "Server", "Vary",
    };
}
