using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Diagnostics;

/// <summary>What being watched costs, in bytes, which are exact. Alone: listeners of other tests are listeners of the process.</summary>
[NonParallelizable]
[CancelAfter(120_000)]
public class RecordCostTests
{
    private const int Batch = 200;

    private static async Task<double> BytesPerSubrequestAsync(Action<IDispatchNamespaceBuilder> configure)
    {
        Uri uri = new("https://api.example.com/orders/list");
        double least = double.MaxValue;
        await using Platform platform = Platform.CreateUnobserved(builder =>
        {
            builder.AddTenant("tenant", async (_, context, token) =>
                {
                    for (int batch = 0; batch < 20; batch++)
                    {
                        long before = GC.GetAllocatedBytesForCurrentThread();
                        for (int index = 0; index < Batch; index++)
                        {
                            using HttpRequestMessage request = new(HttpMethod.Get, uri);
                            using HttpResponseMessage response = await context.FetchAsync(request, token);
                        }

                        least = Math.Min(least, (double)(GC.GetAllocatedBytesForCurrentThread() - before) / Batch);
                    }

                    return new HttpResponseMessage();
                })
                .Configure(static options => options.Limits.Subrequests = int.MaxValue)
                .ConfigureEgress(static client => client.AddHttpMessageHandler(static () => new Answering()));
            configure(builder);
        });
        using HttpResponseMessage response = await platform.FetchAsync();
        return least;
    }

    [Test]
    public async Task Observer_OneThatWantsNoDetail_CostsOneRecord()
    {
        double unobserved = await BytesPerSubrequestAsync(static _ => { });
        double observed = await BytesPerSubrequestAsync(static builder => builder.AddOutboundObserver(new Nothing()));
        double ring = await BytesPerSubrequestAsync(static builder => builder.AddSubrequestRing(detail: RecordDetail.None).AddTenantUsage());
        double phases = await BytesPerSubrequestAsync(static builder => builder.AddSubrequestRing());
        TestContext.Out.WriteLine($"unobserved {unobserved:0}, observed +{observed - unobserved:0}, ring and usage +{ring - unobserved:0}, phases +{phases - unobserved:0} B");
        using (Assert.EnterMultipleScope())
        {
            // Optimized code makes 256 and 408 of it; how soon code is optimized is the machine's affair.
            Assert.That(observed - unobserved, Is.GreaterThan(0).And.LessThanOrEqualTo(512));
            Assert.That(ring - unobserved, Is.LessThanOrEqualTo(512));
            Assert.That(phases - unobserved, Is.LessThanOrEqualTo(704));
        }
    }

    private sealed class Answering : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage());
    }

    private sealed class Nothing : IOutboundObserver;
}
