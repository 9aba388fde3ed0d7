using Microsoft.CodeAnalysis.CSharp;

namespace OutboundInterception.Compilation.Tests;

/// <summary>
/// Text that the parser would read for a very long time, and text that only looks like it. The parser was tried with what is
/// refused: 1,000 levels of brackets took it a second, 2,500 more than six, and 8,000 more than 150; of what it reads twice at
/// each level, 16 to 28 levels took it more than a minute.
/// </summary>
public class SourceTokensTests
{
    private const int Levels = TenantSource.MaxFileLength / 8;

    private static readonly CSharpParseOptions s_options = new(LanguageVersion.CSharp14, preprocessorSymbols: ["NET"]);

    private static readonly string s_nested = Nested("[", "]", 300);

    private static IEnumerable<TestCaseData> Costly =>
    [
        Case("parentheses", Field(Nested("(", ")", Levels))),
        Case("brackets", Field(Nested("[", "]", Levels))),
        Case("brackets that are never closed", Field(Repeat("[", Levels))),
        Case("tuples", Field(Nested("(a, ", ")", Levels / 4))),
        Case("casts to generic types", Field(Repeat("(A<", Levels))),
        Case("conditionals or conditional access", Field(Repeat("a ? [", Levels))),
        Case("conditionals in parentheses", Field(Repeat("a ? (", Levels))),
        Case("brackets of two kinds", Field(Repeat("([", Levels))),
        Case("brackets closed by the wrong kind", Field(Repeat("[)", Levels))),
        Case("brackets closed from outside a brace", Field(Repeat("[{]", Levels))),
        Case("brackets closed by no brace", Field(Repeat("[}", Levels))),
        Case("conditionals", Field(Repeat("a ? ", Levels))),
        Case("nullable types", Field(Repeat("a?", Levels))),
        Case("comparisons or type arguments", Field(Repeat("a < ", Levels))),
        Case("type arguments with commas", Field(Repeat("A<B,", Levels))),
        Case("brackets that cross", Field(Repeat("[)(", Levels))),
        Case("conditionals or generic lambdas", Field($"{Repeat("a?B<C,D>(x)=>", 9_000)}1")),
        Case("modifiers", $"class C {{ {Repeat("partial ", Levels)} }}"),
        Case("references", Field(Repeat("ref ", Levels))),
        Case("braces that close nothing", Repeat("} ", Levels)),
        Case("a part that is compiled", $"#if NET\n{Field(s_nested)}\n#endif"),
        Case("a part that is compiled by the file's own symbol", $"#define MINE\n#undef NET\n#if MINE && !NET\n{Field(s_nested)}\n#endif"),
        Case("a function pointer that is none", Field("delegate*<() => { () => b")),
        Case("interpolated strings in each other", Field(Repeat("$\"{", TenantSource.MaxFileLength / 3))),
        Case("a hole", Field($"$\"{{{s_nested}}}\"")),
        Case("a hole of a verbatim string", Field($"$@\"{{{s_nested}}}\"")),
        Case("a hole of a verbatim string, the other way round", Field($"@$\"{{{s_nested}}}\"")),
        Case("a hole of a raw string", Field($"$\"\"\"{{{s_nested}}}\"\"\"")),
        Case("a hole of a raw string with two dollars", Field($"$$\"\"\"{{ {{{{{s_nested}}}}}\"\"\"")),
        Case("a hole after an escaped brace", Field($"$\"{{{{{{{s_nested}}}\"")),
        Case("a hole after a hole", Field($"$\"{{1}}{{{s_nested}}}\"")),
        Case("a hole after a format", Field($"$\"{{1:x}}{{{s_nested}}}\"")),
        Case("a hole inside a hole", Field($"$\"{{$\"{{{s_nested}}}\"}}\"")),
        Case("a hole with a brace in a string", Field($"$\"{{ \"}}\" + {s_nested}}}\"")),
        Case("a hole with a brace in a character", Field($"$\"{{ '}}' + {s_nested}}}\"")),
        Case("a hole with brackets closed in strings too", Field($"$\"{{{Repeat("[\"]\", ", 300)}{Repeat("]", 300)}}}\"")),
        Case("a hole with brackets closed in comments too", Field($"$\"\"\"{{{Repeat("[/*]*/", 300)}{Repeat("]", 300)}}}\"\"\"")),
        Case("a hole after two colons", Field($"$\"\"\"{{a:: /* }}{{{s_nested}}}\"\"\"")),
        Case("a hole after a conflict marker", Field($"$\"\"\"{{1\n=======\n}}{{{s_nested}}}\"\"\"")),
        Case("a hole of a verbatim string that begins with a quote", Field($"$@\"\"\"{{{{ /* {{{s_nested}}}\"")),
        Case("a hole with a long expression", Field($"$\"{{{Repeat("a ? ", 3_000)}}}\"")),
    ];

    // What is read twice at each level, so that 30 levels are as bad as a thousand.
    private static IEnumerable<TestCaseData> Doubling =>
    [
        Case("access or conditional", Field(Nested("a?[", "1", "]"))),
        Case("access in an access", Field(Nested("a?.b?[", "1", "]:1"))),
        Case("conditional", Field(Nested("a ? [", "1", "] : 1"))),
        Case("conditional access in a conditional", Field(Nested("a ? b?[", "1", "] : c"))),
        Case("assignments", Field(Nested("(a = ", "1", ")"))),
        Case("lambdas with a default", Field(Nested("(int a = ", "1", ") => 1"))),
        Case("asynchronous lambdas with a default", Field(Nested("async (a b = ", "1", ") => 1"))),
        Case("lambdas in conditionals", Field(Nested("a ? () => ", "1", " : 1"))),
        Case("lambdas in attributes", $"class C {{ void M() {{ {Nested("[A(() => { ", "", "})] a b;")} }} }}"),
        Case("lambdas in collections", $"class C {{ void M() {{ {Nested("[() => { ", "", "}].b();")} }} }}"),
        Case("local functions with a default", $"class C {{ void M() {{ {Nested("f(int a = () => { ", "", "});")} }} }}"),
        Case("what follows an access or conditional", Field(Nested("a?[0].B(", "1", ")"))),
        Case("patterns after an access or conditional", Field(Nested("a?[0] is {A: ", "1", "}"))),
        Case("lambdas after an access or conditional", Field(Nested("a?[0].B(x => x.C(", "1", "))"))),
        Case("lambdas in attributes after others", $"class C {{ void M() {{ {Nested("[A][B(() => { ", ";", "})] x();")} }} }}"),
        Case("lambdas in attributes after a condition", $"class C {{ void M() {{ {Nested("if (a) [B(() => { ", ";", "})] x();")} }} }}"),
        Case("lambdas in attributes after a jump", $"class C {{ void M() {{ {Nested("goto a[b => { ", ";", "}] a")} }} }}"),
        Case("names that may be keywords", $"class C {{ void M() {{ {Nested("a() await b () { ", "", "}")} }} }}"),
        Case("sizes of arrays in parameters", Field(Nested("static (a[", "1", "])"))),
        Case("assignments after brackets that do not match", Nested("= ( [ ) ", "a", " ), a")),
        Case("assignments of generic calls", Field(Nested("(a = b<c,d>(", "1", ")) => 1"))),
        Case("collections of lambdas", Field(Nested("a([x => ", "1", "])"))),
        Case("collections of references", Field(Nested("ref [x => ", "1", "]"))),
        Case("top-level statements", Nested("[A(() => { ", "", "})] a b;")),
        Case("interpolated strings", Field(Nested("$\"{", "1", "}\""))),
        Case("few levels, many times", $"class C {{ {Repeat("object? x = a?.b?[a?.b?[a?.b?[a?.b?[a?.b?[a?.b?[a?.b?[a?.b?[1]:1]:1]:1]:1]:1]:1]:1]:1; ", 1_000)} }}"),
    ];

    private static IEnumerable<TestCaseData> Malformed =>
    [
        Case("a hole after one that ends early", Field($"$\"{{ ( }} {{{s_nested}}}\"")),
        Case("a hole with brackets closed in strings", Field($"$\"{{{Repeat("[\"]\", ", 300)}\"")),
        Case("a hole with a directive", Field($"$\"\"\"{{\n#if A\n{s_nested}\n#endif\n}}\"\"\"")),
        Case("a hole that is never closed", Field($"$\"{{{s_nested}")),
        Case("a hole after a comment that is never closed", Field($"$\"\"\"{{ /* }}{{{s_nested}}}\"\"\"")),
        Case("a hole after an unknown escape", Field($"$\"\\{{ /* }}{{{s_nested}}}\"")),
        Case("a hole after a brace in a format", Field($"$\"{{a:{{/*}}{{{s_nested}}}\"")),
    ];

    private static IEnumerable<TestCaseData> Usual =>
    [
        Case("many numbers", Field($"new[] {{ {Repeat("1, ", 20_000)} }}")),
        Case("many cases", $"class C {{ int M(int x) {{ switch (x) {{ {string.Concat(Enumerable.Range(0, 1_000).Select(static i => $"case Kinds.K{i}: "))} return 1; default: return 0; }} }} }}"),
        Case("many conditionals", $"class C {{ void M() {{ {Repeat("a = b < c ? (d) : e!.F?.G[1];", 4_000)} }} }}"),
        Case("many lambdas", Field($"new Func<int?, int>[] {{ {Repeat("(x) => (x) ?? 1, ", 5_000)} }}")),
        Case("many type arguments", Field($"new object[] {{ {Repeat("new A<B, C<D>>(), ", 5_000)} }}")),
        Case("many comparisons", Field($"new[] {{ {Repeat("a < b, ", 1_000)} }}")),
        Case("many holes", Field($"$\"{Repeat("<li>{a.B}</li>", 5_000)}\"")),
        Case("holes with formats", Field($"$\"{Repeat("{a:yyyy-MM-dd}, {b,10:0.00} ", 2_000)}\"")),
        Case("a text full of brackets", Field($"$\"{Repeat("([{{", 1_000)}{{a}}\"")),
        Case("a raw text full of braces", Field($"$$$\"\"\"{Repeat("({[{{", 1_000)} {{{{{{a}}}}}} \"\"\"")),
        Case("interpolated strings beside each other in one", Field($"$\"{Repeat("{(a ? $\"<b>{b}</b>\" : $\"{c}\")}", 200)}\"")),
        Case("expressions for texts", Field($"$$\"\"\"{Repeat("{ \"pattern\": \"^[a-z]+$\" }, ", 200)} {{{{a}}}}\"\"\"")),
        Case("a verbatim text that begins with a quote", Field("$@\"\"\"a\"\" {{\n#top {{ color: red }}\n}} {a}\"")),
        Case("accesses in a row", Field($"{Repeat("a?.B(c?.D, e?[1])?.F(x => x?[0])", 10)}")),
        Case("conditionals in a row", Field(Repeat("a == 1 ? b[0] : ", 30) + "c")),
        Case("lambdas in conditionals in a row", Field(Repeat("a == 1 ? x => b[0] : ", 30) + "x => 1")),
        Case("collections in collections", Field($"[{Repeat("[[[1, 2], [a[0], b]]], ", 1_000)}]")),
        Case("a tree", Field(Tree("new() { Name = \"a\", Children = [", "] }", 7))),
        Case("a tree of calls", Field(Tree("Div(Class: \"a\", Click: () => { f(x => x); }, Children: [", "])", 7))),
        Case("numbers in eight dimensions", Field(Tree("[", "]", 8))),
        Case("accesses to parts", $"class C {{ {Repeat("string? M(J j) => j?[\"a\"]?[\"b\"]?[\"c\"]?.ToString() ?? j?[\"d\"]?[\"e\"]?[\"f\"]?.ToString() ?? j?[\"g\"]?[\"h\"]?.ToString(); ", 20)} }}"),
        Case("many comparing arms", Field($"y switch {{ {Repeat("< 1 => 2, ", 3_000)} }}")),
        Case("many comparing patterns", Field($"new[] {{ {Repeat("y is { Z: < 1 } && z < 2, ", 2_000)} }}")),
        Case("awaits in lambdas", $"class C {{ async Task M() {{ {Repeat("await f(async () => { await g(); ", 8)}{Repeat("});", 8)} }} }}"),
        Case("lambdas in lambdas", Field(Repeat("f(x => { var y = g(a ? b[0] : c[1], z => ", 10) + "1" + Repeat("); })", 10))),
        Case("no hole", Field($"\"{{{s_nested}\"")),
        Case("a comment", $"/* {s_nested} */ class C; // {s_nested}"),
        Case("a part that is not compiled", $"#if OTHER\n{s_nested}\n#endif\nclass C;"),
        Case("a bracket that is not closed", $"class C {{ {Repeat("void M() { a.B(c; } ", 50)} }}"),
        Case("a brace too many", $"class C {{ {Repeat("void M() { } } ", 50)}"),
    ];

    [TestCaseSource(nameof(Costly))]
    public void Check_Costly_IsRefused(string text)
    {
        DeploymentDiagnostic? refused = SourceTokens.Check(text, "Tenant.cs", s_options, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused?.Rule, Is.EqualTo("too-deep").Or.EqualTo("too-costly"));
            Assert.That(refused?.File, Is.EqualTo("Tenant.cs"));
            Assert.That(refused?.Line, Is.Positive);
        }
    }

    [TestCaseSource(nameof(Doubling))]
    public void Check_ReadTwiceAtEachLevel_IsRefused(string text) =>
        Assert.That(SourceTokens.Check(text, "Tenant.cs", s_options, CancellationToken.None)?.Rule, Is.EqualTo("too-costly"));

    // Where the holes are could be a guess; the compiler's own error says what is wrong.
    [TestCaseSource(nameof(Malformed))]
    public void Check_Malformed_IsRefusedAsTheCompilerDoes(string text)
    {
        DeploymentDiagnostic? refused = SourceTokens.Check(text, "Tenant.cs", s_options, CancellationToken.None);

        Assert.That(refused?.Rule, Does.StartWith("CS"));
        Assert.That(CSharpSyntaxTree.ParseText(text.Replace(s_nested, "1", StringComparison.Ordinal), s_options).GetDiagnostics().Select(static found => found.Id), Does.Contain(refused!.Rule));
    }

    [Test]
    public void Check_InAHole_SaysWhere()
    {
        string text = $"class C {{ string x = $$\"\"\"\n  a\n  {{{{ {Nested("(", ")", 300)} }}}}\n  \"\"\"; }}";

        DeploymentDiagnostic? refused = SourceTokens.Check(text, "Tenant.cs", s_options, CancellationToken.None);

        Assert.That((refused?.Line, refused?.Column), Is.EqualTo((3, 254)));
    }

    [TestCaseSource(nameof(Usual))]
    public void Check_Usual_IsNotRefused(string text) =>
        Assert.That(SourceTokens.Check(text, "Tenant.cs", s_options, CancellationToken.None)?.Message, Is.Null);

    [Test]
    public async Task DeployAsync_LongestFileOfParentheses_IsRefusedBeforeItIsParsed()
    {
        await using DeployPlatform platform = new();
        TenantSource source = TenantSource.FromText(Repeat("(", TenantSource.MaxFileLength));

        DeploymentException refused = (await Assert.ThrowsAsync<DeploymentException>(() => platform.Deployments.DeployAsync("tenant", source)))!;

        Assert.That(refused.Diagnostics.Single().Rule, Is.EqualTo("too-deep"));
    }

    private static TestCaseData Case(string name, string text) => new TestCaseData(text).SetArgDisplayNames(name);

    private static string Field(string expression) => $"class C {{ object? x = {expression}; }}";

    private static string Tree(string open, string close, int levels) =>
        levels == 0 ? "1, 2, 3" : $"{open}{string.Join(", ", Enumerable.Repeat(Tree(open, close, levels - 1), 3))}{close}";

    private static string Nested(string open, string inner, string close) => Repeat(open, 30) + inner + Repeat(close, 30);

    private static string Nested(string open, string close, int levels) => Repeat(open, levels) + Repeat(close, levels);

    private static string Repeat(string part, int count) => string.Concat(Enumerable.Repeat(part, count));
}
