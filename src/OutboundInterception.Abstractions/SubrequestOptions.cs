namespace OutboundInterception;

/// <summary>What a single request may ask for. Nothing else in <see cref="HttpRequestMessage.Options"/> is read.</summary>
public static class SubrequestOptions
{
    /// <summary>Overrides the client's or handler's redirect mode for one request: <c>request.Options.Set(SubrequestOptions.RedirectMode, …)</c>.</summary>
    public static readonly HttpRequestOptionsKey<RedirectMode> RedirectMode = new("OutboundInterception.RedirectMode");
}
