using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Yarp.ReverseProxy.Forwarder;

namespace OutboundInterception;

/// <summary>Takes a request to its tenant and the tenant's response back, by YARP's translation between the two.</summary>
internal sealed class DispatchEndpoint(
    DispatchNamespace @namespace, TenantResolver resolver, Func<HttpContext, string, ValueTask<DispatchOptions?>>? configure)
{
    // YARP's forwarder has no public constructor, and logs whole URLs: it gets services of its own, and no logger.
    private static readonly IHttpForwarder s_forwarder = new ServiceCollection()
        .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
        .AddLogging()
        .AddHttpForwarder()
        .BuildServiceProvider()
        .GetRequiredService<IHttpForwarder>();

    // The dispatch has a deadline of its own; an idle stream of events is no failure.
    private static readonly ForwarderRequestConfig s_config = new() { ActivityTimeout = TimeSpan.FromDays(1) };

    public async Task InvokeAsync(HttpContext http)
    {
        if (resolver.Resolve(http) is not { } tenant)
        {
            await DispatchProblem.WriteAsync(http, StatusCodes.Status404NotFound, null);
            return;
        }

        TenantStub stub;
        try
        {
            stub = @namespace.Get(tenant, configure is null ? null : await configure(http, tenant));
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested)
        {
            // The host's own callback failed, or gave what the namespace does not take.
            http.RequestServices.GetService<ILoggerFactory>()?.CreateLogger("OutboundInterception.AspNetCore").ConfigureFailed(exception, tenant);
            await DispatchProblem.WriteAsync(http, StatusCodes.Status500InternalServerError, exception);
            return;
        }

        using HttpMessageInvoker invoker = new(new DispatchHandler(stub, http));
        ForwarderError error = await s_forwarder.SendAsync(
            http, $"{http.Request.Scheme}://{http.Request.Host}", invoker, s_config, DispatchTransformer.Instance, http.RequestAborted);
        if (error != ForwarderError.None && !http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            Exception? exception = http.Features.Get<IForwarderErrorFeature>()?.Exception;
            http.Response.Clear();
            await DispatchProblem.WriteAsync(http, DispatchProblem.StatusOf(exception), exception);
        }
    }
}
