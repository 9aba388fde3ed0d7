using Polly;

namespace OutboundInterception;

/// <summary>One message on its way through the egress, which may send it several times.</summary>
internal sealed class EgressCall(EgressRequest message, Subrequest subrequest, EgressPipeline egress, PipelineEntry entry)
{
    public static readonly ResiliencePropertyKey<EgressCall> Key = new("OutboundInterception.EgressCall");

    // What Microsoft.Extensions.Http.Resilience calls it, so that a host's own pipeline finds it with GetRequestMessage.
    public static readonly ResiliencePropertyKey<HttpRequestMessage?> MessageKey = new("Resilience.Http.RequestMessage");

    private Outcome<HttpResponseMessage>? _first;
    private int _attempts;

    public EgressRequest Message => message;

    public Subrequest Subrequest => subrequest;

    public TokenBucket? Bucket => entry.Tenant.Bucket;

    /// <summary>One attempt through the circuit breaker, or as many as the host's own pipeline makes.</summary>
    public ValueTask<Outcome<HttpResponseMessage>> ExecuteAsync(ResilienceContext context) =>
        entry.Pipeline.ExecuteOutcomeAsync(static (context, call) => call.AttemptAsync(context.CancellationToken), context, this);

    /// <summary>Further attempts. Only what failed comes here: the way of what succeeds is the shorter for it.</summary>
    public ValueTask<Outcome<HttpResponseMessage>> RetryAsync(
        ResiliencePipeline<HttpResponseMessage> retry, Outcome<HttpResponseMessage> first, ResilienceContext context)
    {
        _first = first;
        context.Properties.Set(Key, this);
        return retry.ExecuteOutcomeAsync(static (context, call) => call.TakeFirst() is { } first ? new(first) : call.ExecuteAsync(context), context, this);
    }

    private Outcome<HttpResponseMessage>? TakeFirst()
    {
        Outcome<HttpResponseMessage>? first = _first;
        _first = null;
        return first;
    }

    private async ValueTask<Outcome<HttpResponseMessage>> AttemptAsync(CancellationToken cancellationToken)
    {
        AttemptCancellation? attempt = null;
        CancellationTokenRegistration link = default;
        try
        {
            subrequest.BeginAttempt(message, Interlocked.Increment(ref _attempts) - 1);
            attempt = egress.EndsAttempts ? subrequest.WatchAttempt(cancellationToken, out link) : null;
            return Outcome.FromResult(await egress.AttemptAsync(message, subrequest.Tenant, attempt?.Token ?? cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (attempt is { IsCancellationRequested: true } && !cancellationToken.IsCancellationRequested)
        {
            return Outcome.FromException<HttpResponseMessage>(EgressPipeline.LateHeaders(
                message.RequestUri!.IdnHost, nameof(ResilienceOptions.AttemptTimeout), egress.Options.AttemptTimeout));
        }
        catch (Exception exception)
        {
            // A body that its tenant broke reads as a broken connection.
            return Outcome.FromException<HttpResponseMessage>(subrequest.BodyFailure ?? exception);
        }
        finally
        {
            link.Dispose();
            if (attempt is not null)
            {
                subrequest.EndAttempt(attempt);
            }
        }
    }
}
