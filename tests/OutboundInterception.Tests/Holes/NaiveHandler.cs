using System.Net;
using System.Net.Http.Headers;

namespace OutboundInterception.Tests.Holes;

/// <summary>What a platform writes first: a handler that lets one host pass and adds a credential.</summary>
internal sealed class NaiveHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    public const string Secret = "platform-secret";

    /// <summary>What it saw, as method and URL.</summary>
    public List<string> Seen { get; } = [];

    public bool AddsCredential { get; init; } = true;

    public Func<HttpRequestMessage, CancellationToken, Task>? Meanwhile { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Seen.Add($"{request.Method} {request.RequestUri}");
        if (request.RequestUri!.Host != Hosts.Allowed)
        {
            throw new HttpRequestException($"BLOCKED {request.RequestUri.Host}", null, HttpStatusCode.Forbidden);
        }

        if (AddsCredential)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Secret);
        }

        if (Meanwhile is { } meanwhile)
        {
            await meanwhile(request, cancellationToken);
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
