using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OutboundInterception;

/// <summary>Says which tenant a request is for. Compose your own with <see cref="Create"/>.</summary>
public abstract class TenantResolver
{
    private protected TenantResolver()
    {
    }

    /// <summary>
    /// The one label before a suffix, in lower case: <c>shop.apps.example.com</c> is <c>shop</c>. Port and one trailing dot are
    /// left out; the suffix alone, several labels, addresses and foreign hosts are no tenant's.
    /// </summary>
    /// <param name="suffix">As in <c>apps.example.com</c>.</param>
    /// <exception cref="ArgumentException">The suffix is no host.</exception>
    public static TenantResolver Subdomain(string suffix)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(suffix);
        string dotted = "." + suffix.Trim('.').ToLowerInvariant();
        if (dotted.Length == 1 || !Ascii.IsValid(dotted) || dotted.AsSpan().ContainsAny(":/[] "))
        {
            throw new ArgumentException($"'{suffix}' is not a host. Give one without scheme and port, in ASCII, as in apps.example.com.", nameof(suffix));
        }


        // The header itself: Request.Host has decoded punycode already.
        return Create(http => OfHost(new HostString(http.Request.Headers.Host.ToString()).Host, dotted));
    }

    /// <summary>The first segment behind a prefix: with <c>/t</c>, <c>/t/shop/orders</c> is <c>shop</c>.</summary>
    /// <param name="prefix">A path that starts with a slash; the root by default.</param>
    public static TenantResolver PathPrefix(string prefix = "/")
    {
        ArgumentNullException.ThrowIfNull(prefix);
        PathString start = prefix.TrimEnd('/');
        return Create(http =>
        {
            if (!http.Request.Path.StartsWithSegments(start, out PathString rest) || rest.Value is not { Length: > 1 } path)
            {
                return null;
            }

            int end = path.IndexOf('/', 1);
            return end == 1 ? null : end < 0 ? path[1..] : path[1..end];
        });
    }

    /// <summary>A value of the route, as in <c>/{tenant}/{**path}</c>.</summary>
    public static TenantResolver RouteValue(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Create(http => http.GetRouteValue(name) as string);
    }

    /// <summary>A header, for a platform behind a gateway that sets it. Clients can set it too: see that they cannot reach you.</summary>
    public static TenantResolver Header(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Create(http => http.Request.Headers[name] is [{ Length: > 0 } only] ? only : null);
    }

    /// <summary>A function of your own; <see langword="null"/> for no tenant, which is answered with 404.</summary>
    public static TenantResolver Create(Func<HttpContext, string?> resolve)
    {
        ArgumentNullException.ThrowIfNull(resolve);
        return new DelegateResolver(resolve);
    }

    internal abstract string? Resolve(HttpContext http);

    private static string? OfHost(string host, string dotted)
    {
        // Beyond ASCII there are letters whose lower case is in it.
        if (!Ascii.IsValid(host))
        {
            return null;
        }

        string name = (host.EndsWith('.') ? host[..^1] : host).ToLowerInvariant();
        if (!name.EndsWith(dotted, StringComparison.Ordinal) || IPAddress.TryParse(name, out _))
        {
            return null;
        }

        string label = name[..^dotted.Length];
        return label.Length == 0 || label.Contains('.') ? null : label;
    }

    private sealed class DelegateResolver(Func<HttpContext, string?> resolve) : TenantResolver
    {
        internal override string? Resolve(HttpContext http) => resolve(http);
    }
}
