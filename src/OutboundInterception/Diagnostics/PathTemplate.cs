using System.Buffers;

namespace OutboundInterception;

/// <summary>
/// Keeps of a path what looks like words, and nothing that could be a key. An allow list: what is not known to be harmless goes.
/// </summary>
internal static class PathTemplate
{
    private const string Id = "{id}";
    private const string Redacted = "{redacted}";

    // Longer than any word of an API's URL that was met, shorter than any key.
    private const int MaxWord = 20;
    private const int MaxSegment = 40;
    private const int MaxCapitals = 4;
    private const int MaxCapitalsInARow = 2;
    private const int MaxDigits = 4;

    private static readonly SearchValues<char> s_characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    public static string Of(string path)
    {
        ReadOnlySpan<char> rest = path;
        foreach (Range range in rest.Split('/'))
        {
            if (Replacement(rest[range]) is not null)
            {
                return Replace(path);
            }
        }

        return path;
    }

    private static string Replace(string path) =>
        string.Join('/', path.Split('/').Select(static segment => Replacement(segment) ?? segment));

    private static string? Replacement(ReadOnlySpan<char> segment)
    {
        if (segment.IsEmpty)
        {
            return null;
        }

        if (!segment.ContainsAnyExceptInRange('0', '9') || (segment.Length == 36 && Guid.TryParseExact(segment, "D", out _)))
        {
            return Id;
        }

        return segment.Length > MaxSegment || segment.ContainsAnyExcept(s_characters) || !IsOfWords(segment) ? Redacted : null;
    }

    // Words in lower case or camelCase, each with a number behind it at most: v1, oauth2, sendMessage, 2024-01, report.pdf.
    private static bool IsOfWords(ReadOnlySpan<char> segment)
    {
        int capitals = 0;
        int digits = 0;
        int letters = 0;
        int row = 0;
        bool afterDigit = false;
        foreach (char character in segment)
        {
            row = char.IsAsciiLetterUpper(character) ? row + 1 : 0;
            if (char.IsAsciiDigit(character))
            {
                digits++;
                afterDigit = true;
            }
            else if (char.IsAsciiLetter(character))
            {
                capitals += row > 0 ? 1 : 0;
                if (afterDigit || row > MaxCapitalsInARow || ++letters > MaxWord)
                {
                    return false;
                }
            }
            else
            {
                letters = 0;
                afterDigit = false;
            }
        }

        return capitals <= MaxCapitals && digits <= MaxDigits;
    }
}
