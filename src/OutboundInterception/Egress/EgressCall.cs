using Polly;

namespace OutboundInterception;

/// <summary>One message on its way through a pipeline, which may send it several times.</summary>
internal sealed class EgressCall(EgressRequest message, Subrequest subrequest, EgressPipeline egress)
{
    public static readonly ResiliencePropertyKey<EgressCall> Key = new("OutboundInterception.EgressCall");

    // What Microsoft.Extensions.Http.Resilience calls it, so that a host's own pipeline finds it with GetRequestMessage.
    public static readonly ResiliencePropertyKey<HttpRequestMessage?> MessageKey = new("Resilience.Http.RequestMessage");

    private int _attempts;

    public EgressRequest Message => message;

    public Subrequest Subrequest => subrequest;

    public static async ValueTask<Outcome<HttpResponseMessage>> AttemptAsync(ResilienceContext context, EgressCall call)
    {
        try
        {
            return Outcome.FromResult(await call.AttemptAsync(context.CancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            // A body that its tenant broke reads as a broken connection.
            return Outcome.FromException<HttpResponseMessage>(call.Subrequest.BodyFailure ?? exception);
        }
    }

    private Task<HttpResponseMessage> AttemptAsync(CancellationToken cancellationToken)
    {
        subrequest.BeginAttempt(message, Interlocked.Increment(ref _attempts) - 1);
        return egress.AttemptAsync(message, subrequest.Tenant, cancellationToken);
    }
}
