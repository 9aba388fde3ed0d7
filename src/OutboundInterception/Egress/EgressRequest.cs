namespace OutboundInterception;

/// <summary>
/// The message that leaves the last outbound worker. <see cref="EgressHandler"/> sends nothing else, so nothing that
/// a tenant made reaches a connection, and no message reaches the connections of another namespace.
/// </summary>
internal sealed class EgressRequest(HttpMethod method, Uri uri, EgressPoolKey pool) : HttpRequestMessage(method, uri)
{
    public EgressPoolKey Pool { get; } = pool;

    /// <summary>Whose it is: set when it leaves the last worker, for what is kept per tenant behind that.</summary>
    public string? Tenant { get; set; }
}
