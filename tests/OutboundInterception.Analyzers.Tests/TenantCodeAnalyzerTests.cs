using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers.Tests;

public sealed class TenantCodeAnalyzerTests
{
    private static readonly string[] s_refused =
    [
        "using static System.Net.Dns; GetHostEntry(\"x\");",
        "using D = System.Net.Dns; D.GetHostEntry(\"x\");",
        "Func<string, IPHostEntry> f = Dns.GetHostEntry;",
        "var c = new HttpClient();",
        "HttpClient c = new();",
        "var t = typeof(System.Net.Sockets.TcpClient);",
        "object? o = null; if (o is System.Net.Sockets.TcpClient) { }",
        "object? o = null; _ = o is System.Net.Sockets.TcpClient { Connected: true };",
        "object? o = null; _ = o switch { System.Net.Sockets.TcpClient => 1, _ => 2 };",
        "object? o = null; _ = (System.Net.Sockets.TcpClient)o!;",
        "object? o = null; _ = o as System.Net.Sockets.TcpClient;",
        "_ = default(System.Net.Sockets.TcpClient);",
        "List<System.Net.Sockets.TcpClient> l = [];",
        "var a = new System.Net.Sockets.TcpClient[1];",
        "try { } catch (System.Security.Principal.IdentityNotMappedException) { }",
        "dynamic d = 1; d.Foo();",
        "_ = ((Func<int>)(() => 1)).Method;",
        "_ = \"x\".GetType().Assembly;",
        "_ = Type.GetType(\"x\");",
        "_ = Activator.CreateInstance<List<int>>();",
        "_ = new Lazy<HttpClient>();",
        "_ = System.Text.Json.JsonSerializer.Deserialize<HttpClient>(\"{}\");",
        "_ = System.Text.Json.JsonSerializer.Deserialize<List<Dictionary<string, HttpClient[]>>>(\"{}\");",
        "_ = System.Text.Json.JsonSerializer.Deserialize<Outer>(\"{}\");",
        "_ = System.Text.Json.JsonSerializer.Deserialize(\"{}\", \"x\".GetType());",
        "_ = Make<HttpClient>();",
        "_ = Read<HttpClient>(\"{}\");",
        "_ = new Maker<HttpClient>();",
        "Environment.SetEnvironmentVariable(\"a\", \"b\");",
        "Environment.Exit(0);",
        "File.ReadAllText(\"/etc/passwd\");",
        "using var s = new StreamReader(\"/etc/passwd\");",
        "Console.SetOut(TextWriter.Null);",
        "foreach (var x in new Files()) { }",
        "_ = await new Awaitable();",
        "var (a, b) = new Pair();",
        "System.Xml.Linq.XDocument.Load(\"http://x\");",
        "_ = from x in new[] { 1 }.AsQueryable() select x;",
        "System.Linq.Expressions.Expression<Func<int>> e = () => 1;",
        "_ = request.Headers.Upgrade;",
        "request.Method = HttpMethod.Connect;",
        "_ = System.Buffers.ArrayPool<byte>.Shared;",
        "var h = System.Runtime.InteropServices.GCHandle.Alloc(1);",
        "_ = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(typeof(int));",
        "Local(); static void Local([System.ComponentModel.TypeConverter(typeof(System.Net.Sockets.TcpClient))] int i = 0) { }",
        "var f = ([System.ComponentModel.TypeConverter(typeof(System.Net.Sockets.TcpClient))] int i) => i;",
        "_ = nameof(Dns) + Dns.GetHostName();",
        "Interface.Go();",
        "var x = new { Client = new HttpClient() };",
        "_ = $\"{Dns.GetHostName()}\";",
        "HttpClient? c = null; c ??= new();",
        "HttpClient[] c = [new()];",
        "HttpClient[] c = [.. Enumerable.Range(0, 3).Select(_ => new HttpClient())];",
        "_ = System.Text.Json.JsonSerializer.Deserialize(\"{}\", System.Text.Json.JsonSerializerOptions.Default.GetTypeInfo(typeof(HttpClient)));",
    ];

    private static readonly string[] s_allowed =
    [
        "_ = nameof(System.Net.Sockets.TcpClient);",
        "HttpClient client = new(context.CreateHandler()); _ = await client.GetStringAsync(\"https://a.example\");",
        "Span<int> numbers = stackalloc int[4]; numbers[0] = 1; ReadOnlySpan<byte> text = \"x\"u8; _ = text.Length + numbers[^1];",
        "int[] a = [1, 2, 3]; int[] b = [.. a, 4]; _ = b[1..^1]; if (a is [1, .. var rest]) { _ = rest.Length; }",
        "await foreach (int i in Numbers()) { _ = i; } static async IAsyncEnumerable<int> Numbers() { await Task.Yield(); yield return 1; }",
        "var (a, (b, c)) = (1, (2, 3)); (a, b) = (b, a); _ = (a, b) == (b, a);",
        "var p = new Point(1, 2); _ = p with { X = 3 }; var (x, y) = p; _ = p is { X: > 0 } and not null; _ = p.ToString() + p.GetHashCode();",
        "var q = from n in Enumerable.Range(0, 9) where n % 2 == 0 orderby n descending group n by n % 3 into g select (g.Key, g.Count()); _ = q.ToDictionary(pair => pair.Key);",
        "_ = $\"{1:X4} {DateTime.UtcNow:O} {context.Tenant,10}\"; FormattableString f = $\"{1}\"; _ = f.ToString(System.Globalization.CultureInfo.InvariantCulture);",
        "lock (new object()) { } var gate = new Lock(); lock (gate) { } using (gate.EnterScope()) { }",
        "try { throw new InvalidOperationException(); } catch (Exception e) when (e is TimeoutException or InvalidOperationException) { _ = e.Message; } finally { }",
        "int? n = null; n ??= 1; n++; _ = n?.ToString(); string s = request.Headers.Host ?? \"\"; _ = s.Length;",
        "Func<int, int> f = static n => n * 2; Action<string> g = s => { }; EventHandler? h = null; h += (_, _) => { }; h?.Invoke(null, EventArgs.Empty); _ = f(2);",
        "unchecked { int i = int.MaxValue; i++; } checked { } decimal d = 1.5m; _ = d * 2; _ = (int)d; Half half = (Half)1; _ = half;",
        "_ = System.Text.Json.JsonSerializer.Deserialize<Point>(\"{}\"); _ = await context.Http.GetFromJsonAsync<List<Point>>(\"https://a.example\", cancellationToken);",
        "_ = Read<Point>(\"{}\"); _ = Make<List<int>>(); static T Identity<T>(T t) => t; _ = Identity(context.Http);",
        "using var stream = new MemoryStream(); await using var writer = new StreamWriter(stream); await writer.WriteAsync(\"x\"); _ = typeof(Shop).Name;",
        "var tasks = new List<Task>(); tasks.Add(Task.Delay(1, cancellationToken)); await Task.WhenAll(tasks); using var cts = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken); cts.CancelAfter(1);",
        "_ = new Uri(\"https://a.example\").Host; _ = IPAddress.TryParse(\"::1\", out IPAddress? address); _ = address?.IsIPv6LinkLocal;",
        "var b = new System.Text.StringBuilder(); b.Append($\"{1}\").AppendLine(); foreach (char ch in b.ToString()) { _ = char.IsLetter(ch); }",
        "goto end; end: switch (context.Tenant) { case \"a\" or \"b\": break; default: break; }",
        "_ = Guid.NewGuid(); _ = Random.Shared.Next(); _ = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData([1]));",
    ];

    private const string Helpers = """
        public sealed record Point(int X, int Y);
        public sealed class Outer { public Inner? Inner { get; set; } }
        public sealed class Inner { public HttpClient? Client { get; set; } }
        public sealed class Maker<T> where T : new() { public T Value = new(); }
        """;

    private const string EnemyHelpers = """
        public sealed class Files { public IEnumerator<FileInfo> GetEnumerator() { yield break; } }
        public sealed class Awaitable { public System.Runtime.CompilerServices.TaskAwaiter<FileInfo> GetAwaiter() => default; }
        public sealed class Pair { public void Deconstruct(out FileInfo a, out int b) { a = null!; b = 0; } }
        public interface Interface { static void Go() => Dns.GetHostName(); }
        """;

    private const string Members = """
        private static T Make<T>() where T : new() => new();
        private static T? Read<T>(string json) => System.Text.Json.JsonSerializer.Deserialize<T>(json);
        """;

    [TestCaseSource(nameof(s_refused))]
    public async Task Refused(string body)
    {
        IReadOnlyList<Diagnostic> diagnostics = await Verdicts.OfTenantAsync(Usings(ref body) + Verdicts.Handler(body, Members, Helpers + EnemyFor(body)));

        Assert.That(diagnostics.Where(diagnostic => InBody(diagnostic, body)).Ids(), Does.Contain(TenantCodeAnalyzer.Id), string.Join("\n", diagnostics));
    }

    [TestCaseSource(nameof(s_allowed))]
    public async Task Allowed(string body) =>
        Assert.That((await Verdicts.OfBodyAsync(body, Members, Helpers)).Where(diagnostic => diagnostic.Id == TenantCodeAnalyzer.Id), Is.Empty);

    [TestCase("class A : System.Net.Http.DelegatingHandler { }", "A")]
    [TestCase("class A : HttpMessageHandler { protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage r, CancellationToken c) => null!; }", "A")]
    [TestCase("class A : HttpClient { public A(HttpMessageHandler h) : base(h) { } }", "A")]
    [TestCase("class A(HttpMessageHandler h) : HttpClient(h);", "A")]
    [TestCase("class A<T> where T : System.Net.Sockets.TcpClient { }", "A")]
    [TestCase("class A { System.Net.Sockets.TcpClient? f; }", "f")]
    [TestCase("class A { System.Net.Sockets.TcpClient? P { get; set; } }", "P")]
    [TestCase("class A { void M(List<System.Net.Sockets.TcpClient?[]> p) { } }", "M")]
    [TestCase("class A { event EventHandler<System.Net.Sockets.TcpClient>? E; }", "E")]
    [TestCase("delegate System.Net.Sockets.TcpClient D();", "D")]
    [TestCase("interface I { System.Net.Sockets.TcpClient M(); }", "M")]
    [TestCase("record R(System.Net.Sockets.TcpClient C);", "R")]
    [TestCase("class A { [System.Runtime.InteropServices.DllImport(\"c\")] static extern int getpid(); }", "getpid")]
    [TestCase("class A { [System.Runtime.CompilerServices.ModuleInitializer] internal static void M() { } }", "System.Runtime.CompilerServices.ModuleInitializer")]
    [TestCase("[System.Runtime.InteropServices.StructLayout((System.Runtime.InteropServices.LayoutKind)2)] struct S { }", "(System.Runtime.InteropServices.LayoutKind)2")]
    [TestCase("namespace System.Runtime.CompilerServices { class IgnoresAccessChecksToAttribute(string a) : Attribute { public string A => a; } }", "IgnoresAccessChecksToAttribute")]
    [TestCase("class A { [field: System.ComponentModel.TypeConverter(typeof(Dns))] int P { get; set; } }", "System.ComponentModel.TypeConverter(typeof(Dns))")]
    [TestCase("class A { int P { [return: System.ComponentModel.TypeConverter(typeof(Dns))] get; } }", "System.ComponentModel.TypeConverter(typeof(Dns))")]
    [TestCase("record A([property: System.ComponentModel.TypeConverter(typeof(Dns))] int P);", "System.ComponentModel.TypeConverter(typeof(Dns))")]
    [TestCase("class A<[X(typeof(Dns))] T>; class X(Type t) : Attribute { public Type T => t; }", "typeof(Dns)")]
    [TestCase("enum E { [X<System.Net.Sockets.TcpClient>] A } class X<T> : Attribute;", "X<System.Net.Sockets.TcpClient>")]
    [TestCase("static class A { extension(System.Net.Sockets.TcpClient c) { public int N => 1; } }", "N")]
    [TestCase("class B(string s) { public string S => s; } class A() : B(Dns.GetHostName());", "GetHostName")]
    [TestCase("class A { ~A() => Dns.GetHostName(); }", "GetHostName")]
    [TestCase("class A { static string S { get; } = Dns.GetHostName(); }", "GetHostName")]
    [TestCase("interface I { static abstract string Go(); } class A : I { public static string Go() => Dns.GetHostName(); }", "GetHostName")]
    [TestCase("class A { A() : this(Dns.GetHostName()) { } A(string s) { } }", "GetHostName")]
    [TestCase("class A : System.Timers.Timer;", "A")]
    [TestCase("class A { [System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = \"_handler\")] static extern ref HttpMessageHandler H(HttpMessageInvoker i); }", "H")]
    [TestCase("[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"x\")]", "System.Runtime.CompilerServices.InternalsVisibleTo(\"x\")")]
    public async Task Declaration_Refused_AtItsName(string declaration, string text)
    {
        IReadOnlyList<Diagnostic> diagnostics = await Verdicts.OfTenantAsync(declaration);

        Assert.That(diagnostics.Where(diagnostic => diagnostic.Id == TenantCodeAnalyzer.Id).Select(Verdicts.Text), Does.Contain(text), string.Join("\n", diagnostics));
    }

    [TestCase("unsafe { int i = 0; int* p = &i; }")]
    [TestCase("unsafe { delegate*<void> f = null; f(); }")]
    [TestCase("unsafe { fixed (char* p = \"x\") { } }")]
    [TestCase("unsafe { byte* p = stackalloc byte[4]; }")]
    [TestCase("int i = 0; System.TypedReference r = __makeref(i);")]
    [TestCase("Vararg(__arglist(1)); static void Vararg(__arglist) { }")]
    public async Task Unsafe_Refused(string body)
    {
        var compilation = Compiled.Compile(Verdicts.Handler("return M(); static HttpResponseMessage M() { " + body + " return new(); }"), Compiled.TenantAssembly);
        compilation = compilation.WithOptions(compilation.Options.WithAllowUnsafe(true));

        Assert.That((await Compiled.ReportAsync(compilation, Compiled.Analyzers)).Ids(), Does.Contain(TenantCodeAnalyzer.Id));
    }

    [Test]
    public async Task OneLineAboutOneType_ToldOnce()
    {
        IReadOnlyList<Diagnostic> diagnostics = await Verdicts.OfBodyAsync("System.Net.Sockets.TcpClient c = new System.Net.Sockets.TcpClient(\"a\", 1);");

        Assert.That(diagnostics.Messages(), Is.EqualTo(["Tenant code may not use 'new TcpClient': it is not on the list of what tenant code may use"]));
    }

    [Test]
    public async Task Chain_ToldAtTheLineOfTheMember()
    {
        IReadOnlyList<Diagnostic> diagnostics = await Verdicts.OfBodyAsync("_ = \"x\"\n.GetType()\n.Assembly;");

        Assert.That(diagnostics.Select(Verdicts.Text), Does.Contain("Assembly"));
    }

    [Test]
    public async Task NotATenantAssembly_OwnCodeIsTheHosts() =>
        Assert.That(await Verdicts.OfHostAsync("class Host { HttpClient http = new(); void M() => Dns.GetHostName(); }"), Is.Empty);

    [Test]
    public async Task Property_MakesATenantAssembly()
    {
        IReadOnlyList<Diagnostic> diagnostics = await Compiled.AnalyzeAsync(Compiled.Compile("class A { HttpClient http = new(); }"), ("OutboundTenantAssembly", "true"));

        Assert.That(diagnostics.Ids(), Is.EqualTo([TenantCodeAnalyzer.Id]));
    }

    private static string EnemyFor(string body) =>
        body.Contains("Files", StringComparison.Ordinal) || body.Contains("Awaitable", StringComparison.Ordinal) || body.Contains("Pair", StringComparison.Ordinal)
        || body.Contains("Interface", StringComparison.Ordinal) ? EnemyHelpers : "";

    // The helpers have findings of their own; a call of what they declare is theirs.
    private static bool InBody(Diagnostic diagnostic, string body) =>
        body.Contains("Interface", StringComparison.Ordinal) || diagnostic.Location.SourceTree is null || body.Contains(diagnostic.Text(), StringComparison.Ordinal);

    private static string Usings(ref string body)
    {
        if (!body.StartsWith("using static", StringComparison.Ordinal) && !body.StartsWith("using D", StringComparison.Ordinal))
        {
            return "";
        }

        int end = body.IndexOf(';', StringComparison.Ordinal) + 1;
        string usings = body[..end];
        body = body[end..];
        return usings;
    }
}
