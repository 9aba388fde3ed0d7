namespace OutboundInterception.Analyzers.Tests;

public sealed class UndeclaredParameterAnalyzerTests
{
    private const string Worker = """
        using Microsoft.Extensions.DependencyInjection;
        public sealed class Worker : IOutboundWorker
        {
            public static readonly OutboundParameter<string> Customer = new("customer");
            public static readonly OutboundParameter<string> Plan = new("plan", "free");
            public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken)
            {
                request.Headers.Add("a", context.Get(Customer));
                return context.SendAsync(request, cancellationToken);
            }
        }
        """;

    [TestCase("builder.AddOutboundWorker<Worker>();")]
    [TestCase("builder.AddOutboundWorker<Worker>(Worker.Plan);")]
    [TestCase("builder.AddOutboundWorker<Worker>(ServiceLifetime.Scoped, [Worker.Plan]);")]
    public async Task NotDeclared_Warning(string registration) =>
        Assert.That((await Verdicts.OfHostAsync(Worker + Host(registration))).Messages(), Has.One.Items.And.All.Contains("'Worker.Customer'"));

    [TestCase("builder.AddOutboundWorker<Worker>(Worker.Customer);")]
    [TestCase("builder.AddOutboundWorker<Worker>(ServiceLifetime.Scoped, Worker.Plan, Worker.Customer);")]
    [TestCase("builder.AddOutboundWorker<Worker>().AddOutboundParameters(Worker.Customer);")]
    [TestCase("builder.AddOutboundWorker<Worker>(All());")]
    [TestCase("")]
    public async Task DeclaredOrUnknown_Silent(string registration) => Assert.That(await Verdicts.OfHostAsync(Worker + Host(registration)), Is.Empty);

    private static string Host(string registration) =>
        "static class Host { static void Add(IDispatchNamespaceBuilder builder) { " + registration + " } static OutboundParameter[] All() => [Worker.Customer]; }";
}
