namespace OutboundInterception;

/// <summary>
/// A subrequest failed behind the platform's door: an outbound worker threw, or the origin could not be reached or broke
/// off. What exactly happened is in the platform's log under <see cref="CorrelationId"/>; a tenant learns no more unless
/// the platform opts in, so that neither secrets nor the inside of the network show.
/// </summary>
public sealed class OutboundException : HttpRequestException
{
    internal OutboundException(HttpRequestError error, string message, string correlationId, Exception? innerException = null)
        : base(error, $"{message} Tell the platform's operator this reference: {correlationId}.", innerException)
    {
        CorrelationId = correlationId;
    }

    /// <summary>Names the entry in the platform's log.</summary>
    public string CorrelationId { get; }
}
