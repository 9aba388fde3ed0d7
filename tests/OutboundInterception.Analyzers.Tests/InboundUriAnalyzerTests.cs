namespace OutboundInterception.Analyzers.Tests;

public sealed class InboundUriAnalyzerTests
{
    [TestCase("if (context.InboundUri!.Host == \"api.example.com\") { request.Headers.Add(\"a\", \"b\"); }")]
    [TestCase("if (context.InboundUri?.Host is \"api.example.com\" or \"b\") { request.Headers.Add(\"a\", \"b\"); }")]
    [TestCase("if (context.InboundUri!.Host.EndsWith(\".example.com\")) { request.Headers.Add(\"a\", \"b\"); }")]
    [TestCase("switch (context.InboundUri!.Host) { case \"a\": break; }")]
    [TestCase("Uri? uri = context.InboundUri; if (uri!.Host == \"a\") { request.Headers.Add(\"a\", \"b\"); }")]
    [TestCase("request.Headers.Host = context.InboundUri!.Host switch { \"a\" => \"b\", _ => \"c\" };")]
    public async Task Decided_Warning(string body) => Assert.That((await Verdicts.OfHostAsync(Worker(body))).Ids(), Is.EqualTo([InboundUriAnalyzer.Id]));

    [TestCase("if (context.InboundUri is not null) { request.Headers.Referrer = context.InboundUri; }")]
    [TestCase("if (context.InboundUri != null) { request.Headers.Referrer = context.InboundUri; }")]
    [TestCase("Console.WriteLine(context.InboundUri);")]
    [TestCase("if (request.RequestUri!.Host == \"a\") { Console.WriteLine(context.InboundUri); }")]
    public async Task Recorded_Allowed(string body) => Assert.That(await Verdicts.OfHostAsync(Worker(body)), Is.Empty);

    internal static string Worker(string body) => $$"""
        public sealed class Worker : IOutboundWorker
        {
            public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken)
            {
                {{body}}
                return context.SendAsync(request, cancellationToken);
            }
        }
        """;
}
