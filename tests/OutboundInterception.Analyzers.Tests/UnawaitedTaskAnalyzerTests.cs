namespace OutboundInterception.Analyzers.Tests;

public sealed class UnawaitedTaskAnalyzerTests
{
    [TestCase("_ = context.Http.GetAsync(\"https://a.example\");")]
    [TestCase("#pragma warning disable CS4014\ncontext.Http.GetAsync(\"https://a.example\");")]
    [TestCase("_ = context.Http?.GetAsync(\"https://a.example\");")]
    [TestCase("_ = Task.Run(() => { });")]
    public async Task Dropped_Warning(string body) =>
        Assert.That((await Verdicts.OfHostAsync(Verdicts.Handler(body))).Ids(), Is.EqualTo([UnawaitedTaskAnalyzer.Id]));

    [TestCase("await context.Http.GetAsync(\"https://a.example\");")]
    [TestCase("Task<string> task = context.Http.GetStringAsync(\"https://a.example\"); _ = await task;")]
    [TestCase("context.WaitUntil(token => context.Http.GetAsync(\"https://a.example\", token));")]
    public async Task Awaited_Allowed(string body) => Assert.That(await Verdicts.OfHostAsync(Verdicts.Handler(body)), Is.Empty);

    [Test]
    public async Task HostCode_IsTheHosts() => Assert.That(await Verdicts.OfHostAsync("class Host { void M() { _ = Task.Delay(1); } }"), Is.Empty);
}
