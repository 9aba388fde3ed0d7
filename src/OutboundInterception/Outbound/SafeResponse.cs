namespace OutboundInterception;

/// <summary>Makes the response that a tenant gets: a fresh one, without what is between the platform and the origin.</summary>
internal static class SafeResponse
{
    public static HttpResponseMessage Make(HttpResponseMessage response, HttpRequestMessage request, SafeContent body)
    {
        HttpResponseMessage safe = new(response.StatusCode)
        {
            ReasonPhrase = response.ReasonPhrase,
            Version = response.Version,
            RequestMessage = request,
            Content = body,
        };
        foreach ((string name, var values) in response.Headers.NonValidated)
        {
            if (HeaderRules.ComesBack(name))
            {
                safe.Headers.TryAdd(name, values);
            }
        }

        return safe;
    }
}
