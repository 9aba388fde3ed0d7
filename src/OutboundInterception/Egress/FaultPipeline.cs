using Polly;
using Polly.Simmy;
using Polly.Simmy.Fault;
using Polly.Simmy.Latency;
using Polly.Simmy.Outcomes;

namespace OutboundInterception;

/// <summary>Turns a tenant's <see cref="FaultOptions"/> into Polly's chaos strategies.</summary>
internal static class FaultPipeline
{
    public static ResiliencePipeline<HttpResponseMessage> Create(FaultOptions faults, TimeProvider time)
    {
        System.Net.HttpStatusCode status = faults.Status;
        return new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddChaosLatency(new ChaosLatencyStrategyOptions { InjectionRate = faults.LatencyRate, Latency = faults.Latency })
            .AddChaosOutcome(new ChaosOutcomeStrategyOptions<HttpResponseMessage>
            {
                InjectionRate = faults.StatusRate,
                OutcomeGenerator = _ => new(Outcome.FromResult(new HttpResponseMessage(status))),
            })
            .AddChaosFault(new ChaosFaultStrategyOptions
            {
                InjectionRate = faults.FailureRate,
                FaultGenerator = static _ => new(new HttpRequestException(HttpRequestError.ConnectionError, "An injected fault.")),
            })
            .Build();
    }
}
