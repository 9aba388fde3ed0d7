using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace OutboundInterception.Benchmarks;

/// <summary>The servers of the end-to-end rows: <c>serve origin</c>, and <c>serve plain|chain|yarp ORIGIN</c>.</summary>
internal static class Servers
{
    public const string OriginHost = "api.example.com";

    private const int MaxHeaders = 20;

    public static async Task<int> ServeAsync(string kind, string origin)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        Action<WebApplication> map = kind switch
        {
            "origin" => MapOrigin,
            "plain" => app => MapPlain(app, origin),
            "chain" => AddChain(builder, origin),
            "yarp" => AddYarp(builder, origin),
            _ => throw new ArgumentException($"There is no server '{kind}': origin, plain, chain or yarp."),
        };
        await using WebApplication app = builder.Build();
        map(app);
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static void MapOrigin(WebApplication app)
    {
        byte[] small = new byte[1024];
        byte[] chunk = new byte[64 * 1024];
        app.Run(async http =>
        {
            if (http.Request.Path == "/bytes")
            {
                long rest = long.Parse(http.Request.QueryString.Value!.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
                http.Response.ContentLength = rest;
                for (; rest > 0; rest -= chunk.Length)
                {
                    await http.Response.Body.WriteAsync(chunk.AsMemory(0, (int)long.Min(rest, chunk.Length)));
                }

                return;
            }

            byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(chunk.Length);
            while (await http.Request.Body.ReadAsync(buffer) > 0)
            {
            }

            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
            http.Response.ContentLength = small.Length;
            http.Response.ContentType = "application/octet-stream";
            await http.Response.Body.WriteAsync(small);
        });
    }

    // What somebody writes who needs a gateway and no policy.
    private static void MapPlain(WebApplication app, string origin)
    {
        HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null })
        {
            BaseAddress = new Uri(origin),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        app.Run(async http =>
        {
            using HttpRequestMessage request = new(HttpMethod.Parse(http.Request.Method), http.Request.Path + http.Request.QueryString);
            if (http.Request.ContentLength is not (null or 0))
            {
                request.Content = new StreamContent(http.Request.Body);
                request.Content.Headers.ContentLength = http.Request.ContentLength;
            }

            int copied = 0;
            foreach ((string name, StringValues values) in http.Request.Headers)
            {
                if (name is not ("Host" or "Content-Length" or "Connection" or "Transfer-Encoding") && copied++ < MaxHeaders
                    && !request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                {
                    request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
                }
            }

            request.Headers.TryAddWithoutValidation("X-Platform", "plain");
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
            http.Response.StatusCode = (int)response.StatusCode;
            Copy(response.Headers, http.Response);
            Copy(response.Content.Headers, http.Response);
            http.Response.Headers.Remove("Transfer-Encoding");
            await response.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        });
    }

    private static void Copy(HttpHeaders headers, HttpResponse response)
    {
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            response.Headers[name] = values.ToString();
        }
    }

    private static Action<WebApplication> AddChain(WebApplicationBuilder builder, string origin)
    {
        Uri target = new($"http://{OriginHost}/");
        builder.Services.AddDispatchNamespace("production")
            .AddTenant(Bench.Tenant, (request, context, token) =>
            {
                request.RequestUri = new Uri(target, request.RequestUri!.PathAndQuery);
                return context.FetchAsync(request, token);
            })
            .AddOutboundWorker(static _ => new PassWorker(addsHeader: true))
            .AddOutboundObserver(new LastRecord())
            .ConfigurePolicy(static policy => policy.AllowHosts(OriginHost))
            .Route(OriginHost, origin);
        return static app => app.MapDispatchNamespace("production", TenantResolver.Create(static _ => Bench.Tenant));
    }

    private static Action<WebApplication> AddYarp(WebApplicationBuilder builder, string origin)
    {
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "origin", Match = new RouteMatch { Path = "{**path}" } }],
            [new ClusterConfig { ClusterId = "origin", HttpRequest = ForwarderRequestConfig.Empty, Destinations = new Dictionary<string, DestinationConfig> { ["origin"] = new() { Address = origin } } }]);
        return static app => app.MapReverseProxy();
    }
}
