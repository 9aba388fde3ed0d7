using System.Collections.Frozen;
using System.Runtime.ExceptionServices;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace OutboundInterception;

/// <summary>
/// What lies behind the last outbound worker: resilience, then injected faults, then the host's handlers and the
/// connections. A worker sees one send, however many attempts it takes.
/// </summary>
internal sealed class EgressPipeline(HttpMessageInvoker chain, ResilienceOptions options, ResiliencePipelines? pipelines) : IDisposable
{
    private readonly ResiliencePipeline<HttpResponseMessage>? _retry = pipelines?.CreateRetry();

    // Null while there are none, which is nearly always.
    private volatile FrozenDictionary<string, ResiliencePipeline<HttpResponseMessage>>? _faults;

    public ResilienceOptions Options => options;

    public ResiliencePipelines? Pipelines => pipelines;

    /// <summary>Whether an attempt ends by itself: a host's own pipeline sees to that.</summary>
    public bool EndsAttempts { get; } = options.CreatePipeline is null && options.AttemptTimeout != Timeout.InfiniteTimeSpan;

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
            return ExecuteAsync(pipelines, message, subrequest, cancellationToken);
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

    private async Task<HttpResponseMessage> ExecuteAsync(
        ResiliencePipelines pipelines, EgressRequest message, Subrequest subrequest, CancellationToken cancellationToken)
    {
        PipelineEntry entry = pipelines.Enter(PipelineKey.Of(subrequest.Tenant, message.RequestUri!));
        ConcurrencyGate? gate = null;
        ResilienceContext? context = null;
        try
        {
            if (entry.Tenant.Bucket is { } bucket && !bucket.TryTake(out TimeSpan retryAfter))
            {
                throw Rejected(OutboundRejection.RateLimit, message, retryAfter);
            }

            if (entry.Gate is { } closed)
            {
                gate = await closed.EnterAsync(cancellationToken).ConfigureAwait(false)
                    ? closed
                    : throw Rejected(OutboundRejection.ConcurrencyLimit, message, null);
            }

            context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
            if (options.CreatePipeline is not null)
            {
                context.Properties.Set(EgressCall.MessageKey, message);
            }

            EgressCall call = new(message, subrequest, this, entry);
            Outcome<HttpResponseMessage> outcome = await call.ExecuteAsync(context).ConfigureAwait(false);
            if (_retry is { } retry && OriginFailure.Is(outcome))
            {
                outcome = await call.RetryAsync(retry, outcome, context).ConfigureAwait(false);
            }

            return outcome.Exception is null ? outcome.Result! : throw Tell(outcome.Exception, message);
        }
        finally
        {
            gate?.Exit();
            entry.Exit();
            if (context is not null)
            {
                ResilienceContextPool.Shared.Return(context);
            }
        }
    }

    private static Exception Tell(Exception exception, EgressRequest message)
    {
        switch (exception)
        {
            case BrokenCircuitException broken:
                return Rejected(OutboundRejection.CircuitOpen, message, broken.RetryAfter);

            // A host's own pipeline.
            case TimeoutRejectedException late:
                return LateHeaders(message.RequestUri!.IdnHost, "CreatePipeline", late.Timeout);
            default:
                ExceptionDispatchInfo.Throw(exception);
                return exception;
        }
    }

    /// <summary>As a failure of the origin: which part of the way took too long is for the log.</summary>
    public static HttpRequestException LateHeaders(string host, string option, TimeSpan timeout) => new(
        HttpRequestError.ConnectionError,
        $"'{host}' sent no response headers within {timeout}, as {nameof(ResilienceOptions)}.{option} asks.",
        new TimeoutException($"There were no response headers within {timeout}."));

    private static OutboundRejectedException Rejected(OutboundRejection rejection, EgressRequest message, TimeSpan? retryAfter) =>
        new(rejection, OutboundUri.Canonicalize(message.RequestUri!.IdnHost).Name, retryAfter);
}
