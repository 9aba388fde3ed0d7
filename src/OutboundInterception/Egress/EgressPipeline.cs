using System.Collections.Frozen;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace OutboundInterception;

/// <summary>
/// What lies behind the last outbound worker: resilience, then injected faults, then the host's handlers and the
/// connections. A worker sees one send, however many attempts it takes.
/// </summary>
internal sealed class EgressPipeline(HttpMessageInvoker chain, ResilienceOptions options, ResiliencePipelines? pipelines) : IDisposable
{
    // Null while there are none, which is nearly always.
    private volatile FrozenDictionary<string, ResiliencePipeline<HttpResponseMessage>>? _faults;

    public ResilienceOptions Options => options;

    public ResiliencePipelines? Pipelines => pipelines;

    /// <summary>When a subrequest as a whole is ended that still has no headers.</summary>
    public TimeSpan OverallTimeout { get; } = options.OverallTimeout;

    public FrozenDictionary<string, ResiliencePipeline<HttpResponseMessage>> Faults
    {
        get => _faults ?? FrozenDictionary<string, ResiliencePipeline<HttpResponseMessage>>.Empty;
        set => _faults = value.Count == 0 ? null : value;
    }

    public Task<HttpResponseMessage> SendAsync(EgressRequest message, Subrequest subrequest, CancellationToken cancellationToken)
    {
        if (pipelines is not null)
        {
            return ExecuteAsync(pipelines, new EgressCall(message, subrequest, this), cancellationToken);
        }

        subrequest.BeginAttempt(message, 0);
        return AttemptAsync(message, subrequest.Tenant, cancellationToken);
    }

    public Task<HttpResponseMessage> AttemptAsync(EgressRequest message, string tenant, CancellationToken cancellationToken) =>
        _faults is { } faults && faults.TryGetValue(tenant, out ResiliencePipeline<HttpResponseMessage>? faulty)
            ? faulty.ExecuteAsync(
                static async (state, token) => await state.chain.SendAsync(state.message, token).ConfigureAwait(false),
                (chain, message),
                cancellationToken).AsTask()
            : chain.SendAsync(message, cancellationToken);

    public void Dispose()
    {
        pipelines?.Dispose();
        chain.Dispose();
    }

    private async Task<HttpResponseMessage> ExecuteAsync(ResiliencePipelines pipelines, EgressCall call, CancellationToken cancellationToken)
    {
        PipelineEntry entry = pipelines.Enter(PipelineKey.Of(call.Subrequest.Tenant, call.Message.RequestUri!));
        ResilienceContext? context = null;
        try
        {
            if (entry.Tenant.Bucket is { } bucket && !bucket.TryTake(out TimeSpan retryAfter))
            {
                throw Rejected(OutboundRejection.RateLimit, call, retryAfter);
            }

            context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
            context.Properties.Set(EgressCall.Key, call);
            if (options.CreatePipeline is not null)
            {
                context.Properties.Set(EgressCall.MessageKey, call.Message);
            }

            Outcome<HttpResponseMessage> outcome = await entry.Pipeline.ExecuteOutcomeAsync(
                static (context, call) => EgressCall.AttemptAsync(context, call), context, call).ConfigureAwait(false);
            switch (outcome.Exception)
            {
                case null:
                    return outcome.Result!;
                case BrokenCircuitException broken:
                    throw Rejected(OutboundRejection.CircuitOpen, call, broken.RetryAfter);
                case RateLimiterRejectedException:
                    throw Rejected(OutboundRejection.ConcurrencyLimit, call, null);
                case TimeoutRejectedException late:
                    throw LateHeaders(call.Message.RequestUri!.IdnHost, nameof(ResilienceOptions.AttemptTimeout), late.Timeout);
            }

            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            entry.Exit();
            if (context is not null)
            {
                ResilienceContextPool.Shared.Return(context);
            }
        }
    }

    /// <summary>As a failure of the origin: which part of the way took too long is for the log.</summary>
    public static HttpRequestException LateHeaders(string host, string option, TimeSpan timeout) => new(
        HttpRequestError.ConnectionError,
        $"'{host}' sent no response headers within {timeout}, as {nameof(ResilienceOptions)}.{option} asks.",
        new TimeoutException($"There were no response headers within {timeout}."));

    private static OutboundRejectedException Rejected(OutboundRejection rejection, EgressCall call, TimeSpan? retryAfter) =>
        new(rejection, OutboundUri.Canonicalize(call.Message.RequestUri!.IdnHost).Name, retryAfter);
}
