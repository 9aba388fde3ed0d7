using System.Runtime.CompilerServices;

namespace OutboundInterception;

/// <summary>
/// Says whether a message has headers or options without asking it for them, which would make them: 48 and 104 bytes for
/// each message that has none, and more time than all decisions on it.
/// </summary>
internal static class MessageState
{
    // Their names are the framework's own affair: one that has others is asked in the usual way.
    private static readonly bool s_isKnown = CanRead();

    public static bool MayHaveHeaders(HttpRequestMessage message) => !s_isKnown || HeadersOf(message) is not null;

    public static bool MayHaveOptions(HttpRequestMessage message) => !s_isKnown || OptionsOf(message) is not null;

    public static bool MayHaveHeaders(HttpResponseMessage message) => !s_isKnown || HeadersOf(message) is not null;

    public static bool MayHaveContent(HttpResponseMessage message) => !s_isKnown || ContentOf(message) is not null;

    private static bool CanRead()
    {
        using HttpRequestMessage probe = new();
        using HttpResponseMessage response = new();
        try
        {
            return HeadersOf(probe) is null && OptionsOf(probe) is null && HeadersOf(response) is null && ContentOf(response) is null;
        }
        catch (MissingFieldException)
        {
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_headers")]
    private static extern ref System.Net.Http.Headers.HttpRequestHeaders? HeadersOf(HttpRequestMessage message);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_options")]
    private static extern ref HttpRequestOptions? OptionsOf(HttpRequestMessage message);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_headers")]
    private static extern ref System.Net.Http.Headers.HttpResponseHeaders? HeadersOf(HttpResponseMessage message);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_content")]
    private static extern ref HttpContent? ContentOf(HttpResponseMessage message);
}
