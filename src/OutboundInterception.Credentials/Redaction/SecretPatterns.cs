using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;

namespace OutboundInterception;

/// <summary>
/// The texts by which a secret is known when an origin sends it back: as it is, and as JSON, HTML or a URL would have it.
/// Immutable.
/// </summary>
internal sealed class SecretPatterns
{
    // Fewer characters stand in ordinary text, which would be hidden with them.
    public const int MinLength = 8;

    // What no encoding changes, which is all that most tokens are made of.
    private static readonly SearchValues<char> s_unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    private readonly string[] _texts;
    private readonly byte[][] _bytes;

    public SecretPatterns(IEnumerable<string> secrets)
    {
        HashSet<string> texts = new(StringComparer.Ordinal);
        foreach (string secret in secrets.Where(static secret => secret.Length >= MinLength))
        {
            texts.Add(secret);
            if (!secret.AsSpan().ContainsAnyExcept(s_unreserved))
            {
                continue;
            }

            texts.Add(JavaScriptEncoder.Default.Encode(secret));
            texts.Add(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret));
            texts.Add(secret.Replace("/", "\\/", StringComparison.Ordinal));
            texts.Add(Uri.EscapeDataString(secret));
            texts.Add(WebUtility.UrlEncode(secret));
            texts.Add(WebUtility.HtmlEncode(secret));
            texts.Add(HtmlEncoder.Default.Encode(secret));
        }

        // The longest first: one may be part of another.
        _texts = [.. texts.OrderByDescending(static text => text.Length)];
        _bytes = [.. _texts.Select(Encoding.UTF8.GetBytes)];
        MaxLength = _bytes.Length == 0 ? 0 : _bytes.Max(static bytes => bytes.Length);
    }

    /// <summary>Bytes of the longest; 0 if there is nothing to look for.</summary>
    public int MaxLength { get; }

    /// <summary>The same text with asterisks for each secret in it.</summary>
    public string Redact(string text)
    {
        foreach (string secret in _texts)
        {
            text = text.Replace(secret, new string('*', secret.Length), StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>Overwrites each secret that begins before <paramref name="limit"/> with asterisks.</summary>
    public void Redact(Span<byte> window, int limit)
    {
        foreach (byte[] secret in _bytes)
        {
            int start = 0;
            while (start < limit && window[start..].IndexOf(secret) is int found and >= 0 && start + found < limit)
            {
                window.Slice(start + found, secret.Length).Fill((byte)'*');
                start += found + secret.Length;
            }
        }
    }

    /// <summary>Where the end of the window may be the beginning of a secret; its length if nowhere.</summary>
    public int FindUnfinished(ReadOnlySpan<byte> window)
    {
        int first = window.Length;
        foreach (byte[] secret in _bytes)
        {
            int start = int.Max(0, window.Length - secret.Length + 1);
            while (start < first && window[start..first].IndexOf(secret[0]) is int found and >= 0)
            {
                start += found;
                if (secret.AsSpan().StartsWith(window[start..]))
                {
                    first = start;
                }

                start++;
            }
        }

        return first;
    }
}
