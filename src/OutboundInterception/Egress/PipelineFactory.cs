using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace OutboundInterception;

/// <summary>Builds what each tenant and authority has of its own, and the retries, which have no state and are for all.</summary>
internal sealed class PipelineFactory(ResilienceOptions options, string namespaceName, TimeProvider time, ILogger logger)
{
    public ResilienceOptions Options => options;

    public PipelineEntry Create(PipelineKey key, TenantPipelines tenant)
    {
        if (options.CreatePipeline is { } create)
        {
            ResiliencePipeline<HttpResponseMessage> own = create(key.ToPublic())
                ?? throw new InvalidOperationException($"{nameof(ResilienceOptions)}.{nameof(ResilienceOptions.CreatePipeline)} returned null. It must return a pipeline, such as ResiliencePipeline<HttpResponseMessage>.Empty.");
            return new PipelineEntry(key, tenant, null, own, null, null);
        }

        ResiliencePipelineBuilder<HttpResponseMessage> builder = new() { TimeProvider = time };
        CircuitBreakerStateProvider? state = null;
        CircuitBreakerManualControl? control = null;
        if (options.CircuitBreaker is { } breaker)
        {
            state = new CircuitBreakerStateProvider();
            control = new CircuitBreakerManualControl();
            builder.AddCircuitBreaker(Breaker(breaker, key.ToPublic(), state, control));
        }

        ConcurrencyGate? gate = options.Concurrency is { } concurrency ? new ConcurrencyGate(concurrency) : null;
        return new PipelineEntry(key, tenant, gate, builder.Build(), state, control);
    }

    public ResiliencePipeline<HttpResponseMessage>? CreateRetry() => options.Retry is { } retry
        ? new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }.AddRetry(Retry(retry)).Build()
        : null;

    private RetryStrategyOptions<HttpResponseMessage> Retry(RetryOptions retry) => new()
    {
        MaxRetryAttempts = retry.MaxRetries,
        Delay = retry.BaseDelay,
        MaxDelay = retry.MaxDelay,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        ShouldHandle = args => new ValueTask<bool>(
            OriginFailure.Is(args.Outcome) && args.AttemptNumber < retry.MaxRetries && CanRetry(args, retry)),
        DelayGenerator = args => new ValueTask<TimeSpan?>(OriginFailure.RetryAfter(args.Outcome.Result, time)),
        OnRetry = args =>
        {
            if (args.Context.Properties.TryGetValue(EgressCall.Key, out EgressCall? call))
            {
                Log.Retrying(logger, namespaceName, call.Subrequest.Tenant, call.Message.RequestUri!.Host, args.AttemptNumber + 1, args.RetryDelay);
            }

            return default;
        },
    };

    private bool CanRetry(RetryPredicateArguments<HttpResponseMessage> args, RetryOptions retry)
    {
        TimeSpan delay = OriginFailure.RetryAfter(args.Outcome.Result, time)
            ?? TimeSpan.FromTicks(long.Min(retry.MaxDelay.Ticks, retry.BaseDelay.Ticks << args.AttemptNumber));
        return delay <= retry.MaxDelay
            && args.Context.Properties.TryGetValue(EgressCall.Key, out EgressCall? call)
            && call.Subrequest.CanSendAgain(call.Message, delay)
            && call.Bucket?.TryTake(out _) != false;
    }

    private CircuitBreakerStrategyOptions<HttpResponseMessage> Breaker(
        CircuitBreakerOptions breaker, ResilienceKey key, CircuitBreakerStateProvider state, CircuitBreakerManualControl control) => new()
        {
            FailureRatio = breaker.FailureRatio,
            MinimumThroughput = breaker.MinimumThroughput,
            SamplingDuration = breaker.SamplingDuration,
            BreakDuration = breaker.BreakDuration,
            StateProvider = state,
            ManualControl = control,
            ShouldHandle = static args => new ValueTask<bool>(OriginFailure.Is(args.Outcome)),
            OnOpened = args =>
            {
                Log.CircuitOpened(logger, namespaceName, key.Tenant, key.Authority, args.IsManual ? null : args.BreakDuration);
                return default;
            },
            OnClosed = _ =>
            {
                Log.CircuitClosed(logger, namespaceName, key.Tenant, key.Authority);
                return default;
            },
        };
}
