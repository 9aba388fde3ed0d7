namespace OutboundInterception;

/// <summary>One customer's code: what a dispatch calls.</summary>
/// <remarks>
/// An instance may serve many dispatches at once, so it keeps nothing that belongs to one of them: what is per dispatch
/// is in the <see cref="TenantContext"/>.
/// </remarks>
public interface ITenantHandler
{
    /// <summary>Answers one request.</summary>
    /// <param name="request">What the platform was asked. It belongs to the caller; do not dispose it.</param>
    /// <param name="context">What this dispatch may use. It stops working when the dispatch ends.</param>
    /// <param name="cancellationToken">
    /// Cancelled when the caller goes away, when the deadline passes, and when the response body has been sent. Work
    /// given to <see cref="TenantContext.WaitUntil"/> has a token of its own.
    /// </param>
    /// <returns>The response, whose owner is the caller from then on. Never <see langword="null"/>.</returns>
    Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken);
}
