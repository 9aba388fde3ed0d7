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

    private static TestCaseData Case(string name, int depth, string expression) => new TestCaseData(expression).SetName($"Deep({name}, {depth})");

    private static string Nested(string open, string inner, string close, int depth) =>
        string.Concat(Enumerable.Repeat(open, depth)) + inner + string.Concat(Enumerable.Repeat(close, depth));
}
