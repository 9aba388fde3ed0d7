using System.Diagnostics;

namespace OutboundInterception.Compilation.Tests;

/// <summary>Source that is meant to bring the compiler down, and the host with it: it ends in a diagnostic.</summary>
[CancelAfter(300_000)]
public class HostileSourceTests
{
    // Far beyond the bound, and as deep as it lets pass.
    private static IEnumerable<TestCaseData> Deep => new[] { 15_000, 240 }.SelectMany(static depth => new[]
    {
        Case("parentheses", depth, Nested("(", "1", ")", depth)),
        Case("unary", depth, $"{new string('!', depth)}true"),
        Case("conditional", depth, Nested("true ? 1 : (", "1", ")", depth / 2)),
        Case("lambdas", depth, Nested("new Func<object>(() => ", "1", ")", depth / 10)),
        Case("short generics", depth, $"default({Nested("A<", "int", ">", depth * 2)})"),
        Case("bare patterns", depth, $"1 is {Nested("not ", "1", "", depth)}"),
        Case("calls", depth, $"\"\"{string.Concat(Enumerable.Repeat(".Trim()", depth))}"),
        Case("sum", depth, string.Join('+', Enumerable.Repeat("1", depth))),
        Case("generics", depth, $"default({Nested("List<", "int", ">", depth)})"),
        Case("arrays", depth, Nested("new object[] { ", "1", " }", depth / 2)),
        Case("patterns", depth, $"1 is {Nested("not (", "1", ")", depth)}"),
    });

    [TestCaseSource(nameof(Deep))]
    public async Task DeployAsync_Deep_EndsInDiagnosticsOrATenant(string expression)
    {
        await using DeployPlatform platform = new();
        string? rule = null;
        try
        {
            await platform.DeployAsync($"{DeployPlatform.Saying("deep")} class Deep {{ object? x = {expression}; }}");
        }
        catch (DeploymentException exception)
        {
            rule = exception.Diagnostics[0].Rule;
        }

        Assert.That(platform.Namespace.Contains("tenant"), Is.EqualTo(rule is null));
        TestContext.Out.WriteLine(rule ?? "deployed");
    }

    // Each level doubles the compiler's work, or multiplies it: a few lines that would take years.
    private static IEnumerable<TestCaseData> Exponential =>
    [
        Cost("interpolation", Nested("$\"{", "1", "}\"", 40)),
        Cost("verbatim interpolation", Nested("$@\"{", "1", "}\"", 40)),
        Cost("raw interpolation", "$\"\"\"{" + Nested("$\"{", "1", "}\"", 40) + "}\"\"\""),
        Cost("Task.Run", Nested("Task.Run(async () => await ", "Task.Delay(1)", ")", 24)),
        Cost("ContinueWith", Nested("Task.FromResult(1).ContinueWith(_ => ", "1", ")", 24)),
        Cost("SelectMany", Nested("new[] { 1 }.SelectMany(_ => ", "new[] { 1 }", ")", 24)),
        Cost("anonymous methods", Nested("Task.Run(delegate { return ", "1", "; })", 24)),
        Cost("own overloads", Nested("O.M(x => ", "1", ")", 5), "static class O { " + Each(60, static i => $"public static int M(Func<{Nested("List<", "int", ">", i)}, int> f) => 1; ") + "}"),
        Cost("own constructors", Nested("new O(x => ", "1", ")", 5), "class O { " + Each(60, static i => $"public O(Func<{Nested("List<", "int", ">", i)}, O> f) {{ }} ") + " public static implicit operator O(int i) => null!; }"),
        Cost("own indexers", Nested("o[x => ", "1", "]", 5), "class O { " + Each(60, static i => $"public int this[Func<{Nested("List<", "int", ">", i)}, int> f] => 1; ") + "}"),
        Cost("query", Each(200, static i => $"from x{i} in new[] {{ 1 }} ") + "select 1"),
        Cost("nested queries", Nested("from _ in ", "new[] { 1 }", " select 1", 24)),
        Cost("constants", "1", "static class K { const string A0 = \"aaaaaaaaaaaaaaaa\"; " + Each(40, static i => $"const string A{i + 1} = A{i} + A{i}; ") + "}"),
        Cost("interpolated constants", "1", "static class K { const string A0 = \"aaaaaaaaaaaaaaaa\"; " + Each(40, static i => $"const string A{i + 1} = $\"{{A{i}}}{{A{i}}}\"; ") + "}"),
        Cost(
            "patterns",
            $"({string.Join(", ", Enumerable.Repeat("true", 40))}) switch {{ {Each(40, static i => $"({string.Join(", ", Enumerable.Range(0, 40).Select(j => j == i || j == (i + 1) % 40 ? "true" : "_"))}) => {i}, ")} _ => 0 }}"),
    ];

    [TestCaseSource(nameof(Exponential))]
    public async Task DeployAsync_Exponential_IsRefusedAtOnceAndTheNextIsDeployed(string expression, string types)
    {
        await using DeployPlatform platform = new();
        long start = Stopwatch.GetTimestamp();

        DeploymentException refused = (await Assert.ThrowsAsync<DeploymentException>(
            () => platform.DeployAsync($"{DeployPlatform.Saying("costly")} class Costly {{ object? x = {expression}; }} {types}")))!;

        TimeSpan took = Stopwatch.GetElapsedTime(start);
        await platform.DeployAsync(DeployPlatform.Saying("next"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.Diagnostics[0].Rule, Is.EqualTo("too-costly"));
            Assert.That(refused.Diagnostics[0].Line, Is.Positive);

            // Less than the time limit: it was not that which ended it.
            Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(30)));
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("next"));
        }
    }

    // Types that grow with each name of a chain: nothing that the text shows.
    [Test, NonParallelizable]
    public async Task DeployAsync_LongerThanTheTimeLimit_IsRefusedAndTheNextIsDeployed()
    {
        string source = $"{DeployPlatform.Saying("swell")} class A<T0, T1, T2, T3, T4> {{ class B : A<B, B, B, B, B> {{ B{string.Concat(Enumerable.Repeat(".B", 6))}? f; }} }}";
        TenantSource late = new(new Dictionary<string, string> { ["Tenant.cs"] = source }) { TimeLimit = TimeSpan.FromMilliseconds(1) };
        await using DeployPlatform platform = new();

        DeploymentException refused = (await Assert.ThrowsAsync<DeploymentException>(() => platform.Deployments.DeployAsync("tenant", late)))!;
        await platform.DeployAsync(DeployPlatform.Saying("next"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.Diagnostics[0].Rule, Is.EqualTo("too-costly"));
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("next"));
        }
    }

    // What never ends: only so many of it, and again some when those have ended.
    [Test, NonParallelizable]
    public void Run_GivenUpCompilationsGoOn_OnlySoManyAtOnce()
    {
        using ManualResetEventSlim end = new();
        int Work(CancellationToken token)
        {
            end.Wait(CancellationToken.None);
            return 1;
        }

        SpinWait.SpinUntil(static () => BoundedCompilation.GivenUp == 0);
        string[] rules = [.. Enumerable.Range(0, 5).Select(_ => Assert.Throws<DeploymentException>(
            () => BoundedCompilation.Run("tenant", TimeSpan.FromMilliseconds(1), Work, CancellationToken.None))!.Diagnostics[0].Rule)];
        end.Set();
        SpinWait.SpinUntil(static () => BoundedCompilation.GivenUp == 0);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(rules, Is.EqualTo(new[] { "too-costly", "too-costly", "too-costly", "too-costly", "too-busy" }));
            Assert.That(BoundedCompilation.Run("tenant", TimeSpan.FromMinutes(1), static _ => 2, CancellationToken.None), Is.EqualTo(2));
        }
    }

    [Test]
    public void Run_CallerGivesUp_ItEnds()
    {
        using CancellationTokenSource caller = new();
        int Work(CancellationToken token)
        {
            caller.Cancel();
            token.WaitHandle.WaitOne();
            token.ThrowIfCancellationRequested();
            return 1;
        }

        Assert.That(() => BoundedCompilation.Run("tenant", TimeSpan.FromMinutes(5), Work, caller.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    // What people write: a page of templates, joins, and continuations inside continuations.
    [Test]
    public async Task DeployAsync_NestedAsPeopleNest_IsDeployed()
    {
        await using DeployPlatform platform = new();
        await platform.DeployAsync(DeployPlatform.Doing(
            """"
            string[] names = ["a", "b"];
            string page = $"""<ul>{string.Join("", names.Select(name => $"<li>{(name.Length > 1 ? $"<b>{name}</b>" : $"{name}")}</li>"))}</ul>""";
            int sum = await Task.Run(async () => await Task.Run(() => names.SelectMany(name => names.Select(other => names.Count(third => third == name && third == other))).Sum()));
            string kind = (names.Length, page.Length, sum) switch { (0, _, _) => "none", (_, 0, _) => "empty", (1, > 3, 2) => "some", _ => "many" };
            IEnumerable<string> pairs = from x in names from y in names let z = x + y where z.Length > 1 orderby z select (from q in names select q + z).First();
            const string Root = "https://api.example.com", Orders = Root + "/orders", Last = $"{Orders}/last";
            return new HttpResponseMessage { Content = new StringContent(page + sum + kind + pairs.Count() + Last) };
            """"));

        Assert.That(await platform.GetStringAsync(), Does.Contain("<li>a</li>"));
    }

    private static TestCaseData Case(string name, int depth, string expression) => new TestCaseData(expression).SetName($"Deep({name}, {depth})");

    private static TestCaseData Cost(string name, string expression, string types = "") => new TestCaseData(expression, types).SetName($"Exponential({name})");

    private static string Each(int count, Func<int, string> part) => string.Concat(Enumerable.Range(0, count).Select(part));

    private static string Nested(string open, string inner, string close, int depth) =>
        string.Concat(Enumerable.Repeat(open, depth)) + inner + string.Concat(Enumerable.Repeat(close, depth));
}
