using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace OutboundInterception;

/// <summary>The files of the page, which are in this assembly.</summary>
internal static class DashboardAssets
{
    private const string Prefix = "OutboundInterception.Dashboard.";

    private static readonly FrozenDictionary<string, byte[]> s_files = Load();

    // Of this build: a page and scripts of different ones do not meet in a cache.
    private static readonly EntityTagHeaderValue s_tag = new($"\"{typeof(DashboardAssets).Assembly.ManifestModule.ModuleVersionId:n}\"");

    public static async Task WriteAsync(HttpContext http, string name)
    {
        if (!s_files.TryGetValue(name, out byte[]? content))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        http.Response.Headers.CacheControl = "no-cache";
        http.Response.GetTypedHeaders().ETag = s_tag;
        if (http.Request.GetTypedHeaders().IfNoneMatch.Contains(s_tag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "text/plain; charset=utf-8",
        };
        http.Response.ContentLength = content.Length;
        await http.Response.Body.WriteAsync(content, http.RequestAborted);
    }

    private static FrozenDictionary<string, byte[]> Load()
    {
        Assembly assembly = typeof(DashboardAssets).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(
                static name => name[Prefix.Length..],
                name =>
                {
                    using Stream stream = assembly.GetManifestResourceStream(name)!;
                    byte[] content = new byte[stream.Length];
                    stream.ReadExactly(content);
                    return content;
                },
                StringComparer.Ordinal);
    }
}
