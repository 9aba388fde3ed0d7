using System.Collections.Frozen;
using System.Net;
using System.Net.Http.Headers;
using Polly;
using Polly.Timeout;

namespace OutboundInterception;

/// <summary>Tells what speaks against an origin, and may be better next time, from what a tenant or the platform did.</summary>
internal static class OriginFailure
{
    // RFC 9110, section 9.2.2; TRACE is not available.
    private static readonly FrozenSet<HttpMethod> s_idempotent =
        new[] { HttpMethod.Get, HttpMethod.Head, HttpMethod.Options, HttpMethod.Put, HttpMethod.Delete }.ToFrozenSet();

    public static bool IsIdempotent(HttpMethod method) => s_idempotent.Contains(method);

    public static bool Is(Outcome<HttpResponseMessage> outcome) => outcome.Exception switch
    {
        null => outcome.Result!.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
            or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout,
        TimeoutRejectedException => true,

        // Its own type alone: those derived from it are the platform's refusals. A certificate does not get better by asking
        // again, nor does a version that the server does not speak.
        HttpRequestException exception => exception.GetType() == typeof(HttpRequestException)
            && exception.HttpRequestError is not (HttpRequestError.SecureConnectionError or HttpRequestError.VersionNegotiationError
                or HttpRequestError.ExtendedConnectNotSupported or HttpRequestError.ConfigurationLimitExceeded),
        _ => false,
    };

    /// <summary>How long the origin asks to wait, or <see langword="null"/> if it does not say.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage? response, TimeProvider time)
    {
        if (response?.Headers.RetryAfter is not RetryConditionHeaderValue header)
        {
            return null;
        }

        TimeSpan wait = header.Delta ?? header.Date!.Value - time.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
