using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OutboundInterception;

/// <summary>
/// A path and everything below it. <c>/v1</c> covers <c>/v1</c> and <c>/v1/orders</c>, not <c>/v10</c>; a trailing slash
/// makes no difference.
/// </summary>
/// <remarks>
/// <para>
/// Compared with <see cref="Uri.AbsolutePath"/>, in which <see cref="Uri"/> has resolved dot segments and <c>%2e</c>;
/// other escapes are decoded once. What a server may still read in two ways is <em>ambiguous</em>: escaped slashes,
/// backslashes, dots, semicolons, percent signs and control characters, bytes that UTF-8 never has, empty segments, dot
/// segments that are left, also with parameters (<c>..;</c>). An allow rule with path prefixes never admits an ambiguous
/// path, a deny rule with path prefixes always refuses one. A rule without prefixes, or with <c>/</c>, looks at no path.
/// </para>
/// <para>
/// Upper and lower case of ASCII differ for an allow rule and do not for a deny rule, for which <c>;</c> ends a segment
/// too: to many servers <c>/Admin;x</c> is <c>/admin</c>.
/// </para>
/// </remarks>
internal sealed class PathPrefix
{
    private static readonly SearchValues<char> s_suspect = SearchValues.Create("%\\;.");

    private readonly byte[] _path;

    private PathPrefix(byte[] path) => _path = path;

    /// <summary>The path with its escapes resolved, for people.</summary>
    public override string ToString() => IsRoot ? "/" : System.Text.Encoding.UTF8.GetString(_path);

    /// <summary>Whether it is <c>/</c> and so says nothing.</summary>
    public bool IsRoot => _path.Length == 0;

    public static bool TryParse(string? text, [NotNullWhen(true)] out PathPrefix? prefix, out string problem)
    {
        prefix = null;
        problem = "";
        if (text is null || !text.StartsWith('/') || text.AsSpan().ContainsAny('?', '#'))
        {
            problem = "must be a path that starts with '/', without query or fragment";
            return false;
        }

        // Dot segments and backslashes are looked for in the text: Uri resolves them, and what was meant is then anyone's guess.
        string[] segments = text.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase).Split('/');
        if (segments.Any(static segment => segment is "." or ".." || segment.Contains('\\', StringComparison.Ordinal))
            || !Uri.TryCreate("http://host" + text, UriKind.Absolute, out Uri? uri)
            || IsAmbiguous(uri.AbsolutePath))
        {
            problem = "can be read in two ways; write it without dot segments, empty segments, backslashes and escaped delimiters";
            return false;
        }

        string path = uri.AbsolutePath.TrimEnd('/');
        byte[] decoded = new byte[path.Length];
        int length = 0;
        for (int at = 0; at < path.Length;)
        {
            decoded[length++] = Next(path, ref at);
        }

        prefix = new PathPrefix(decoded[..length]);
        return true;
    }

    /// <summary>Whether the path lies under the prefix, by the reading of a deny rule if <paramref name="lenient"/>.</summary>
    public bool Covers(ReadOnlySpan<char> path, bool lenient)
    {
        int at = 0;
        foreach (byte expected in _path)
        {
            if (at == path.Length)
            {
                return false;
            }

            byte actual = Next(path, ref at);
            if (actual != expected && !(lenient && SameLetter(actual, expected)))
            {
                return false;
            }
        }

        return at == path.Length || path[at] == '/' || (lenient && path[at] == ';');
    }

    public static bool IsAmbiguous(ReadOnlySpan<char> path)
    {
        if (!Ascii.IsValid(path) || path.Contains("//", StringComparison.Ordinal))
        {
            return true;
        }

        if (!path.ContainsAny(s_suspect))
        {
            return false;
        }

        foreach (Range range in path.Split('/'))
        {
            ReadOnlySpan<char> segment = path[range];
            int parameters = segment.IndexOf(';');
            if ((parameters < 0 ? segment : segment[..parameters]) is "." or ".." || HasUnsafeEscape(segment))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasUnsafeEscape(ReadOnlySpan<char> segment)
    {
        for (int at = 0; at < segment.Length;)
        {
            if (segment[at] == '\\')
            {
                return true;
            }

            bool escaped = segment[at] == '%';
            if (escaped && !(segment.Length > at + 2 && char.IsAsciiHexDigit(segment[at + 1]) && char.IsAsciiHexDigit(segment[at + 2])))
            {
                return true;
            }

            // C0, C1 and F5 upwards begin the overlong forms in which a slash hides (RFC 3629, 3).
            byte value = Next(segment, ref at);
            if (value < 0x20 || value == 0x7F || (escaped && value is (byte)'/' or (byte)'\\' or (byte)'.' or (byte)';' or (byte)'%' or 0xC0 or 0xC1 or >= 0xF5))
            {
                return true;
            }
        }

        return false;
    }

    // One byte of the decoded path. A broken escape decodes to anything: it is ambiguous and was dealt with before.
    private static byte Next(ReadOnlySpan<char> path, ref int at)
    {
        if (path[at] != '%' || path.Length <= at + 2)
        {
            return (byte)path[at++];
        }

        byte value = (byte)((HexValue(path[at + 1]) << 4) | HexValue(path[at + 2]));
        at += 3;
        return value;
    }

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : ((digit | 0x20) - 'a' + 10) & 0xF;

    private static bool SameLetter(byte left, byte right)
        => (left ^ right) == 0x20 && char.IsAsciiLetter((char)left);
}
