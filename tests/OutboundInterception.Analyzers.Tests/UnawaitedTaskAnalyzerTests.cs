namespace OutboundInterception.Analyzers.Tests;

public sealed class UnawaitedTaskAnalyzerTests
{
    [TestCase("_ = context.Http.GetAsync(\"https://a.example\");")]
    [TestCase("#pragma warning disable CS4014\ncontext.Http.GetAsync(\"https://a.example\");")]
    [TestCase("_ = context.Http?.GetAsync(\"https://a.example\");")]
    [TestCase("_ = Task.Run(() => { });")]
    [TestCase("Task<string> task = context.Http.GetStringAsync(\"https://a.example\");")]
    [TestCase("Task<string> task; task = context.Http.GetStringAsync(\"https://a.example\");")]
    [TestCase("Task<string> task = context.Http.GetStringAsync(\"https://a.example\"); if (task.IsCompleted) { }")]
    [TestCase("Action go = () => context.Http.GetStringAsync(\"https://a.example\"); go();")]
    [TestCase("Action go = () => { _ = context.Http.GetStringAsync(\"https://a.example\"); }; go();")]
    [TestCase("Action go = async () => await context.Http.GetStringAsync(\"https://a.example\"); go();")]
    [TestCase("async void Go() => await context.Http.GetStringAsync(\"https://a.example\"); Go();")]
    [TestCase("void Go() { _ = context.Http.GetStringAsync(\"https://a.example\"); } Go();")]
    [TestCase("async Task Go() => await context.Http.GetStringAsync(\"https://a.example\"); _ = Go();")]
    [TestCase("context.Http.GetStringAsync(\"https://a.example\").ConfigureAwait(false);")]
    [TestCase("_ = Task.WhenAll(context.Http.GetStringAsync(\"https://a.example\"));")]
    [TestCase("_ = context.Http.GetStringAsync(\"https://a.example\").ContinueWith(done => done.Result);")]
    public async Task Dropped_Warning(string body) =>
        Assert.That((await Verdicts.OfHostAsync(Verdicts.Handler(body))).Ids(), Is.EqualTo([UnawaitedTaskAnalyzer.Id]));

    [TestCase("await context.Http.GetAsync(\"https://a.example\");")]
    [TestCase("Task<string> task = context.Http.GetStringAsync(\"https://a.example\"); _ = await task;")]
    [TestCase("context.WaitUntil(token => context.Http.GetAsync(\"https://a.example\", token));")]
    [TestCase("Task<string> task = context.Http.GetStringAsync(\"https://a.example\"); await Task.WhenAll(task);")]
    [TestCase("var tasks = new List<Task>(); tasks.Add(context.Http.GetStringAsync(\"https://a.example\")); await Task.WhenAll(tasks);")]
    [TestCase("Task task = context.Http.GetStringAsync(\"https://a.example\"); context.WaitUntil(_ => task);")]
    [TestCase("Task<string> task = context.Http.GetStringAsync(\"https://a.example\"); string text = task.Result;")]
    [TestCase("async Task<string> Go() { Task<string> task = context.Http.GetStringAsync(\"https://a.example\"); return await task; } await Go();")]
    [TestCase("Func<Task> go = () => context.Http.GetStringAsync(\"https://a.example\"); await go();")]
    [TestCase("Func<Task> go = async () => await context.Http.GetStringAsync(\"https://a.example\"); await go();")]
    public async Task Awaited_Allowed(string body) => Assert.That(await Verdicts.OfHostAsync(Verdicts.Handler(body)), Is.Empty);

    [Test]
    public async Task HostCode_IsTheHosts() => Assert.That(await Verdicts.OfHostAsync("class Host { void M() { _ = Task.Delay(1); } }"), Is.Empty);
}
