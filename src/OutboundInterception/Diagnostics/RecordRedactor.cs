using System.Collections.Frozen;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace OutboundInterception;

/// <summary>Makes what may be recorded of URLs and headers. Made of <see cref="RecordOptions"/>; immutable.</summary>
internal sealed class RecordRedactor(RecordOptions options, ILogger logger)
{
    private const int MaxHeaders = 64;
    private const int MaxValue = 256;

    // What one tenant sends must not fill the memory of whoever keeps records.
    public const int MaxPath = 1024;
    private const int MaxHost = 255;
    private const int MaxName = 64;

    private readonly RecordedUrl _url = options.Url;
    private readonly Func<string, string, string>? _template = options.PathTemplate;
    private readonly FrozenSet<string> _safe = options.SafeHeaders.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The path as it may be recorded, with the query if that may be too.</summary>
    public string Path(Uri uri, string host)
    {
        // Refused for its length; to take it apart would take seconds.
        if (uri.OriginalString.Length > OutboundUri.MaxLength)
        {
            return "/...";
        }

        string path = uri.AbsolutePath;
        if (_url == RecordedUrl.Template)
        {
            path = _template is null ? PathTemplate.Of(path) : Template(_template, host, path);
        }
        else if (_url == RecordedUrl.PathAndQuery)
        {
            path = uri.PathAndQuery;
        }

        return Printable(path, MaxPath);
    }

    public static string Host(string host) => Printable(host, MaxHost);

    /// <summary>Without what would begin a line of its own in a log: a URL that is refused may hold anything.</summary>
    public static string Printable(string text, int atMost)
    {
        if (text.Length > atMost)
        {
            text = string.Concat(text.AsSpan(0, atMost), "...");
        }

        return text.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? string.Concat(text.Select(static character => character is >= '!' and <= '~' ? character.ToString() : Uri.HexEscape((char)(character & 0xff))))
            : text;
    }

    public RecordedHeader[] Headers(HttpHeaders headers, HttpHeaders? content)
    {
        List<RecordedHeader> recorded = [];
        Add(headers, recorded);
        if (content is not null)
        {
            Add(content, recorded);
        }

        return [.. recorded];
    }

    private void Add(HttpHeaders headers, List<RecordedHeader> recorded)
    {
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            if (recorded.Count == MaxHeaders)
            {
                return;
            }

            recorded.Add(new RecordedHeader(Printable(name, MaxName), _safe.Contains(name) ? Value(values.ToString()) : null));
        }
    }

    private static string Value(string value)
    {
        string bounded = value.Length > MaxValue ? string.Concat(value.AsSpan(0, MaxValue), "...") : value;
        return bounded.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? string.Concat(bounded.Select(static character => character is >= ' ' and <= '~' ? character : '?'))
            : bounded;
    }

    private string Template(Func<string, string, string> template, string host, string path)
    {
        try
        {
            return template(host, path);
        }
        catch (Exception exception)
        {
            Log.PathTemplateFailed(logger, exception, host);
            return "/{redacted}";
        }
    }
}
