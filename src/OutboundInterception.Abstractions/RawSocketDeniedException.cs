namespace OutboundInterception;

/// <summary>A raw socket would go around the platform's outbound workers, so there is none. Nothing was sent.</summary>
public sealed class RawSocketDeniedException : HttpRequestException
{
    internal RawSocketDeniedException(string namespaceName)
        : base($"The namespace '{namespaceName}' has an outbound worker, which sees HTTP requests and would not see this connection. Use context.Http or context.ConnectWebSocketAsync, or ask the platform's operator for a worker that handles sockets.")
    {
    }
}
