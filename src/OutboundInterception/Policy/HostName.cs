using System.Buffers;
using System.Net;
using System.Text;

namespace OutboundInterception;

/// <summary>Brings the host of a URI, of a pattern or of a socket into the one form that is compared.</summary>
internal static class HostName
{
    // What would end the host or begin another part of the URI must not be parsed away.
    private static readonly SearchValues<char> s_notInHost = SearchValues.Create("/\\?#@:%[]* \t\r\n");

    /// <summary>
    /// <see cref="Uri.IdnHost"/> in lower case, less one trailing dot, and read as an address once more: <c>①②⑦.0.0.1</c>,
    /// <c>0x7f.1.</c> and <c>127.0.0.1.</c> are names to <see cref="Uri"/> and an address to whoever connects.
    /// </summary>
    public static CanonicalHost Of(Uri uri) => OutboundUri.Canonicalize(uri.IdnHost);

    /// <summary>The same for a host that stands alone; false if no URI could have it.</summary>
    public static bool TryParse(string host, out CanonicalHost canonical)
    {
        canonical = default;
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            canonical = new CanonicalHost(address.ToString(), address);
            return true;
        }

        if (host.AsSpan().ContainsAny(s_notInHost) || !Uri.TryCreate($"http://{host}/", UriKind.Absolute, out Uri? uri))
        {
            return false;
        }

        canonical = Of(uri);
        return canonical.Address is not null || IsName(canonical.Name);
    }

    /// <summary>Whether a name can stand in the DNS: ASCII, labels of 1 to 63, at most 253 in all (RFC 1035, 2.3.4).</summary>
    private static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > 253 || !Ascii.IsValid(name))
        {
            return false;
        }

        foreach (Range label in name.Split('.'))
        {
            if (name[label].Length is 0 or > 63)
            {
                return false;
            }
        }

        return true;
    }
}
