using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Yarp.ReverseProxy.Forwarder;

namespace OutboundInterception;

/// <summary>Takes a request to its tenant and the tenant's response back, by YARP's translation between the two.</summary>
internal sealed class DispatchEndpoint(
    DispatchNamespace @namespace, TenantResolver resolver, Func<HttpContext, string, ValueTask<DispatchOptions?>>? configure, ILogger logger)
{
    // YARP's forwarder has no public constructor, and logs whole URLs: it gets services of its own, and no logger.
    private static readonly IHttpForwarder s_forwarder = new ServiceCollection()
        .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
        .AddLogging()
        .AddHttpForwarder()
        .BuildServiceProvider()
        .GetRequiredService<IHttpForwarder>();

    // The dispatch has a deadline of its own; an idle stream of events is no failure. 1.1, because with 2.0 YARP turns a
    // WebSocket handshake into an extended CONNECT, and sends it a second time when an exception asks for that.
    private static readonly ForwarderRequestConfig s_config = new()
    {
        ActivityTimeout = TimeSpan.FromDays(1),
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public async Task InvokeAsync(HttpContext http)
    {
        if (InboundUri.Of(http) is not { } uri)
        {
            await DispatchProblem.WriteAsync(http, StatusCodes.Status400BadRequest, null);
            return;
        }

        if (@namespace.IsStopping)
        {
            await DispatchProblem.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, null);
            return;
        }

        TenantStub? found;
        try
        {
            found = await FindAsync(http);
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested)
        {
            // The host's own callback failed, or gave what the namespace does not take.
            AspNetCoreLog.ConfigureFailed(logger, exception, @namespace.Name);
            await DispatchProblem.WriteAsync(http, StatusCodes.Status500InternalServerError, exception);
            return;
        }

        if (found is { } stub)
        {
            await ForwardAsync(http, stub, uri);
        }
        else
        {
            await DispatchProblem.WriteAsync(http, StatusCodes.Status404NotFound, null);
        }
    }

    // The host is not asked about names that anybody can make up.
    private async ValueTask<TenantStub?> FindAsync(HttpContext http) =>
        resolver.Resolve(http) is { } tenant && @namespace.Contains(tenant)
            ? @namespace.Get(tenant, configure is null ? null : await configure(http, tenant))
            : null;

    private async Task ForwardAsync(HttpContext http, TenantStub stub, Uri uri)
    {
        using HttpMessageInvoker invoker = new(new DispatchHandler(stub, http, uri));
        ForwarderError error = await s_forwarder.SendAsync(http, "http://localhost", invoker, s_config, DispatchTransformer.Instance, http.RequestAborted);
        if (error == ForwarderError.None || http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        Exception? exception = http.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (http.Response.HasStarted)
        {
            AspNetCoreLog.ResponseBrokeOff(logger, exception, @namespace.Name, stub.Name);
            return;
        }

        int status = DispatchProblem.StatusOf(exception);
        AspNetCoreLog.TenantFailed(logger, exception, @namespace.Name, stub.Name, status);
        http.Response.Clear();
        await DispatchProblem.WriteAsync(http, status, exception);
    }
}
