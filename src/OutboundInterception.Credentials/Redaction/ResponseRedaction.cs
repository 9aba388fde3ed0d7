using System.Net.Http.Headers;

namespace OutboundInterception;

/// <summary>Takes the secrets out of a response that the request went out with.</summary>
internal static class ResponseRedaction
{
    /// <exception cref="CredentialException">The body is encoded, and was to be looked through. The response is disposed.</exception>
    public static void Apply(HttpResponseMessage response, SecretPatterns secrets, bool looksThroughBody)
    {
        if (secrets.MaxLength == 0)
        {
            return;
        }

        Apply(response.Headers, secrets);
        Apply(response.Content.Headers, secrets);
        if (response.ReasonPhrase is { } reason)
        {
            response.ReasonPhrase = secrets.Redact(reason);
        }

        if (!looksThroughBody)
        {
            return;
        }

        if (IsEncoded(response.Content.Headers))
        {
            response.Dispose();
            throw new CredentialException(
                CredentialFailure.EncodedResponse,
                "The response has a Content-Encoding, which was not asked for, so that a secret in it could not be found; it was refused. If this origin echoes nothing, bind the credential with CredentialRedaction.Headers.");
        }

        response.Content = new RedactingContent(response.Content, secrets, () => Apply(response.TrailingHeaders, secrets));
    }

    private static bool IsEncoded(HttpContentHeaders headers) =>
        headers.NonValidated.TryGetValues("Content-Encoding", out HeaderStringValues encodings)
        && !encodings.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .All(static encoding => encoding.Equals("identity", StringComparison.OrdinalIgnoreCase));

    private static void Apply(HttpHeaders headers, SecretPatterns secrets)
    {
        List<(string Name, string[] Values)>? changed = null;
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            string[] redacted = [.. values.Select(secrets.Redact)];
            if (!redacted.SequenceEqual(values))
            {
                (changed ??= []).Add((name, redacted));
            }
        }

        foreach ((string name, string[] values) in changed ?? [])
        {
            headers.Remove(name);
            headers.TryAddWithoutValidation(name, values);
        }
    }
}
