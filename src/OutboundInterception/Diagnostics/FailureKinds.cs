using System.Net.Sockets;
using System.Security.Authentication;

namespace OutboundInterception;

/// <summary>Tells kinds of failure apart, by exceptions as they were before a tenant was told of them.</summary>
internal static class FailureKinds
{
    public static FailureKind Of(Exception exception) => exception switch
    {
        OutboundBlockedException => FailureKind.Policy,
        AddressBlockedException => FailureKind.Address,
        InvalidSubrequestException => FailureKind.Invalid,
        DispatchLimitException => FailureKind.Limit,
        OutboundRejectedException => FailureKind.Rejected,
        RawSocketDeniedException => FailureKind.Policy,
        DispatchEndedException => FailureKind.Ended,
        HttpRequestException { InnerException: TimeoutException } or TimeoutException => FailureKind.Timeout,
        OperationCanceledException => FailureKind.Cancelled,
        HttpRequestException http => Of(http),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => FailureKind.NameResolution,
        SocketException => FailureKind.Connection,
        AuthenticationException => FailureKind.Tls,
        HttpIOException => FailureKind.Protocol,
        IOException => FailureKind.Connection,
        _ => FailureKind.Other,
    };

    private static FailureKind Of(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => FailureKind.NameResolution,
        HttpRequestError.ConnectionError => FailureKind.Connection,
        HttpRequestError.SecureConnectionError => FailureKind.Tls,
        HttpRequestError.Unknown => exception.InnerException is { } inner ? Of(inner) : FailureKind.Other,
        _ => FailureKind.Protocol,
    };
}
