using System.Buffers;
using System.Text.Json;
using Duende.IdentityModel.Client;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

/// <summary>Asks a token endpoint for a token, with the host's own client.</summary>
internal sealed class TokenClient(IHttpClientFactory clients, TimeProvider time)
{
    // More than any server's header limit leaves room for.
    private const int MaxTokenLength = 16 * 1024;

    private static readonly SearchValues<char> s_tokenCharacters = SearchValues.Create(Enumerable.Range(0x21, 0x5e).Select(static code => (char)code).ToArray());
    private static readonly SearchValues<char> s_errorCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");

    /// <exception cref="CredentialException">There is no token to be had.</exception>
    public async Task<AccessToken> RequestAsync(ClientCredentialsOptions options)
    {
        options.ThrowIfInvalid();
        DateTimeOffset now = time.GetUtcNow();
        using ClientCredentialsTokenRequest request = MakeRequest(options);
        using HttpClient client = clients.CreateClient(CredentialsDispatchNamespaceBuilderExtensions.HttpClientName);
        using CancellationTokenSource late = new(options.Timeout, time);
        TokenResponse response;
        try
        {
            response = await client.RequestClientCredentialsTokenAsync(request, late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            throw new CredentialException(
                CredentialFailure.Timeout, $"The token endpoint of {options} did not answer within {options.Timeout}.", inner: exception);
        }

        using HttpResponseMessage? http = response.HttpResponse;
        return Read(options, response, now);
    }

    private static ClientCredentialsTokenRequest MakeRequest(ClientCredentialsOptions options)
    {
        ClientCredentialsTokenRequest request = new()
        {
            RequestUri = options.TokenEndpoint,
            ClientId = options.ClientId,
            ClientSecret = options.ClientSecret,
            ClientCredentialStyle = options.Authentication == ClientAuthentication.Body ? ClientCredentialStyle.PostBody : ClientCredentialStyle.AuthorizationHeader,
            Scope = options.Scope,
        };
        if (options.Resource is not null)
        {
            request.Resource.Add(options.Resource);
        }

        if (options.Audience is not null)
        {
            request.Parameters.Add("audience", options.Audience);
        }

        return request;
    }

    // What the endpoint says beyond its error code is left out: it may repeat what it was sent.
    private static AccessToken Read(ClientCredentialsOptions options, TokenResponse response, DateTimeOffset now)
    {
        if (response.HttpResponse is null)
        {
            throw response.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }
                ? Invalid(options, "is too long")
                : new CredentialException(CredentialFailure.Unreachable, $"The token endpoint of {options} could not be reached, or broke off.", inner: response.Exception);
        }

        // The library's own properties fail on JSON that is no object.
        JsonElement json = response.Json ?? default;
        if (!response.HttpResponse.IsSuccessStatusCode)
        {
            string? error = ReadText(json, "error");
            error = error is { Length: > 0 and <= 64 } && !error.AsSpan().ContainsAnyExcept(s_errorCharacters) ? error : null;
            throw new CredentialException(
                CredentialFailure.Refused, $"The token endpoint of {options} refused with status {(int)response.HttpStatusCode} ({error ?? "no error code"}).", error);
        }

        if (ReadText(json, "access_token") is not { Length: > 0 } token)
        {
            throw Invalid(options, "has no token in it");
        }

        if (token.Length > MaxTokenLength || token.AsSpan().ContainsAnyExcept(s_tokenCharacters))
        {
            throw Invalid(options, "has a token that cannot stand in a header");
        }

        if (ReadText(json, "token_type") is { Length: > 0 } type && !type.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            throw Invalid(options, "has a token of another type than Bearer");
        }

        TimeSpan lifetime = response.ExpiresIn > 0 ? TimeSpan.FromSeconds(response.ExpiresIn) : options.DefaultLifetime;
        TimeSpan before = options.RefreshBefore < lifetime / 2 ? options.RefreshBefore : lifetime / 2;
        return new AccessToken(IssuedCredential.OfBearer(token), now + lifetime - before);
    }

    private static string? ReadText(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static CredentialException Invalid(ClientCredentialsOptions options, string what) =>
        new(CredentialFailure.InvalidResponse, $"The answer of the token endpoint of {options} {what}.");
}
