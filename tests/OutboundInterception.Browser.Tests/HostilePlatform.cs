using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OutboundInterception.Browser.Tests;

/// <summary>A platform whose tenant writes into every field of a record that it can reach.</summary>
internal sealed class HostilePlatform : IAsyncDisposable
{
    public const string Html = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>";

    private readonly WebApplication _app;

    private HostilePlatform(WebApplication app)
    {
        _app = app;
    }

    public string Dashboard => _app.Urls.First() + "/_outbound/";

    public DispatchNamespace Namespace => _app.Services.GetRequiredKeyedService<DispatchNamespace>("production");

    public static async Task<HostilePlatform> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDispatchNamespace("production")
            .AddTenant("hostile", AttackAsync)
            .AddTenant("many", ManyAsync)
            .AddOutboundWorker(static _ => new Answers())
            .Configure(static options => options.Records.Url = RecordedUrl.PathAndQuery)
            .AddOutboundDashboard();
        WebApplication app = builder.Build();
        app.MapOutboundDashboard();
        await app.StartAsync();
        return new HostilePlatform(app);
    }

    public async Task DispatchAsync(string tenant)
    {
        using HttpResponseMessage response = await Namespace.Get(tenant).FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://hostile.example/"));
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task<HttpResponseMessage> AttackAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
    {
        foreach (string url in (string[])[
            $"https://api.example.com/{Html}",
            $"https://api.example.com/'\"><svg onload=window.hacked=1>",
            $"https://api.example.com/\u202egnp.exe\u0007\u001b[31m",
            $"https://api.example.com/{new string('x', 100_000)}",
            "https://xn--e1afmkfd.example/{{constructor.constructor('window.hacked=1')()}}"])
        {
            using HttpRequestMessage message = new(url.Contains("svg", StringComparison.Ordinal) ? new HttpMethod("X-SCRIPT") : HttpMethod.Get, url);
            message.Headers.TryAddWithoutValidation("X-Evil", Html);
            message.Headers.TryAddWithoutValidation("User-Agent", Html + new string('y', 100_000));
            try
            {
                using HttpResponseMessage response = await context.FetchAsync(message, cancellationToken);
            }
            catch (HttpRequestException)
            {
                // Refused ones are recorded too.
            }
        }

        return new HttpResponseMessage();
    }

    private static async Task<HttpResponseMessage> ManyAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
    {
        for (int index = 0; index < 500; index++)
        {
            using HttpResponseMessage response = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, $"https://api.example.com/{index}"), cancellationToken);
        }

        return new HttpResponseMessage();
    }

    private sealed class Answers : IOutboundWorker
    {
        public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = new();
            response.Headers.TryAddWithoutValidation("Server", Html);
            return Task.FromResult(response);
        }
    }
}
