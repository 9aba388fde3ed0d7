using System.Buffers;

namespace OutboundInterception;

/// <summary>
/// Keeps of a path what looks like words, and nothing that could be a key: words in lower case or camelCase, each with a
/// number behind it at most, as in <c>v1</c>, <c>oauth2</c>, <c>sendMessage</c>, <c>report.pdf</c>. What is not known to be
/// harmless goes.
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

    private enum Kind : byte
    {
        Other,
        Lower,
        Upper,
        Digit,
        Separator,
    }

    private static readonly Kind[] s_kinds = [.. Enumerable.Range(0, 128).Select(static code => (char)code switch
    {
        >= 'a' and <= 'z' => Kind.Lower,
        >= 'A' and <= 'Z' => Kind.Upper,
        >= '0' and <= '9' => Kind.Digit,
        '-' or '.' or '_' => Kind.Separator,
        _ => Kind.Other,
    })];

    private static readonly SearchValues<char> s_plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz/");

    public static string Of(string path)
    {
        // No longer than one word may be, and nothing but words.
        if (path.Length <= MaxWord && !path.AsSpan().ContainsAnyExcept(s_plain))
        {
            return path;
        }

        // Once over it, for every record: nearly all paths are words alone.
        ReadOnlySpan<char> rest = path;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf('/');
            if (!IsOfWords(end < 0 ? rest : rest[..end]))
            {
                return string.Join('/', path.Split('/').Select(static segment => IsOfWords(segment) ? segment : Replacement(segment)));
            }

            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return path;
    }

    private static string Replacement(string segment) =>
        segment.All(char.IsAsciiDigit) || Guid.TryParseExact(segment, "D", out _) ? Id : Redacted;

    private static bool IsOfWords(ReadOnlySpan<char> segment)
    {
        if (segment.Length > MaxSegment)
        {
            return false;
        }

        int capitals = 0;
        int digits = 0;
        int letters = 0;
        int row = 0;
        bool afterDigit = false;
        foreach (char character in segment)
        {
            switch (character < 128 ? s_kinds[character] : Kind.Other)
            {
                case Kind.Lower:
                    row = 0;
                    letters++;
                    break;
                case Kind.Upper:
                    row++;
                    letters++;
                    capitals++;
                    break;
                case Kind.Digit:
                    row = 0;
                    digits++;
                    afterDigit = true;
                    continue;
                case Kind.Separator:
                    row = 0;
                    letters = 0;
                    afterDigit = false;
                    continue;
                default:
                    return false;
            }

            if (afterDigit || row > MaxCapitalsInARow || letters > MaxWord)
            {
                return false;
            }
        }

        return capitals <= MaxCapitals && digits <= MaxDigits && (digits == 0 || digits < segment.Length);
    }
}
