using System.Collections.Concurrent;
using System.Net;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Storefront;

/// <summary>Stands for the internet, on loopback: echoes what it saw, with the claims of the token that came along.</summary>
public sealed class StandIn : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StandIn(WebApplication app)
    {
        _app = app;
    }

    /// <summary>Subjects of the tokens that came with calls to the API.</summary>
    public ConcurrentQueue<string> Subjects { get; } = new();

    public string Url => _app.Urls.First();

    public static async Task<StandIn> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        StandIn standIn = new(builder.Build());
        standIn._app.Run(standIn.AnswerAsync);
        await standIn._app.StartAsync();
        return standIn;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path == "/redirect")
        {
            http.Response.Redirect("https://evil.example/");
            return;
        }

        JsonWebToken? token = http.Request.Headers.Authorization is [{ } bearer] && bearer.StartsWith("Bearer ", StringComparison.Ordinal)
            ? new JsonWebToken(bearer[7..])
            : null;
        if (token is not null)
        {
            Subjects.Enqueue(token.Subject);
        }

        using StreamReader body = new(http.Request.Body);
        await http.Response.WriteAsJsonAsync(new
        {
            method = http.Request.Method,
            host = http.Request.Host.Value,
            path = http.Request.Path.Value,
            body = await body.ReadToEndAsync(http.RequestAborted),
            claims = token?.Claims.ToDictionary(claim => claim.Type, claim => claim.Value),
        });
    }
}
