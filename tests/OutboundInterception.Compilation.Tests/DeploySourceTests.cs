using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Compilation.Tests;

[CancelAfter(120_000)]
public class DeploySourceTests
{
    [Test]
    public async Task DeployAsync_Source_TenantAnswers()
    {
        await using DeployPlatform platform = new();

        TenantVersion version = await platform.DeployAsync(DeployPlatform.Saying("hello"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("hello"));
            Assert.That(version, Has.Property(nameof(TenantVersion.Number)).EqualTo(1).And.Property(nameof(TenantVersion.Percent)).EqualTo(100));
            Assert.That(version.IsFromSource);
            Assert.That(version.Sha256, Does.Match("^[0-9a-f]{64}$"));
        }
    }

    [Test]
    public async Task DeployAsync_SameSourceTwice_SameHash()
    {
        await using DeployPlatform platform = new();

        TenantVersion first = await platform.DeployAsync(DeployPlatform.Saying("hello"));
        TenantVersion second = await platform.DeployAsync(DeployPlatform.Saying("hello"));

        Assert.That(second.Sha256, Is.EqualTo(first.Sha256));
    }

    [Test]
    public async Task DeployAsync_DoesNotCompile_DiagnosticsWithFileLineAndRuleAndNothingChanged()
    {
        await using DeployPlatform platform = new();
        await platform.DeployAsync(DeployPlatform.Saying("old"));

        DeploymentException exception = (await Assert.ThrowsAsync<DeploymentException>(
            () => platform.Deployments.DeployAsync("tenant", TenantSource.FromText("class A\n{\n    int x = \"text\";\n}\n", "Sub/A.cs"))))!;

        DeploymentDiagnostic problem = exception.Diagnostics.Single(static diagnostic => diagnostic.Rule == "CS0029");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((problem.File, problem.Line, problem.Column), Is.EqualTo(("Sub/A.cs", 3, 13)));
            Assert.That(exception.Message, Does.Contain("Sub/A.cs(3,13): error CS0029: "));
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("old"));
            Assert.That(platform.Deployments.VersionsOf("tenant"), Has.Count.EqualTo(1));
        }
    }

    [TestCase("unsafe class A { int* p; }", "CS0227")]
    [TestCase("#r \"System.Net.Sockets.dll\"\nclass A;", "CS7011")]
    [TestCase("#load \"/etc/passwd\"\nclass A;", "CS8097")]
    [TestCase("#:package Some.Package@1.0\nclass A;", "CS9298")]
    [TestCase("extern alias lib; class A;", "CS0430")]
    [TestCase("class A { System.Net.Sockets.TcpClient? c; }", "CS0234")]
    [TestCase("[assembly: System.Reflection.AssemblyKeyFile(\"/etc/passwd\")]", "CS7027")]
    public async Task DeployAsync_SourceAsksForMore_Refused(string source, string rule)
    {
        await using DeployPlatform platform = new();

        DeploymentException exception = (await Assert.ThrowsAsync<DeploymentException>(
            () => platform.Deployments.DeployAsync("tenant", new TenantSource(new Dictionary<string, string>
            {
                ["Handler.cs"] = DeployPlatform.Saying("hello"),
                ["Bad.cs"] = source,
            }))))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.Diagnostics.Select(static diagnostic => diagnostic.Rule), Has.Member(rule));
            Assert.That(platform.Namespace.Contains("tenant"), Is.False);
        }
    }

    [Test]
    public async Task DeployAsync_LineDirectiveLies_RealPlaceIsTold()
    {
        await using DeployPlatform platform = new();

        DeploymentException exception = (await Assert.ThrowsAsync<DeploymentException>(
            () => platform.DeployAsync("#line 1 \"innocent.cs\"\nclass A { int x = \"\"; }")))!;

        Assert.That(exception.Diagnostics[0], Has.Property("File").EqualTo("Tenant.cs").And.Property("Line").EqualTo(2));
    }

    [Test]
    public async Task DeployAsync_JsonAndRegexGenerators_RunInTheHost()
    {
        await using DeployPlatform platform = new();
        const string Source = """
            using OutboundInterception;
            using System.Net.Http.Json;
            using System.Text.Json.Serialization;
            using System.Text.RegularExpressions;
            public sealed record Order(string Name);
            [JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
            [JsonSerializable(typeof(Order))]
            internal sealed partial class Json : JsonSerializerContext;
            public sealed partial class Handler : ITenantHandler
            {
                [GeneratedRegex("^o(.*)n$")]
                private static partial Regex Pattern { get; }

                public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
                {
                    Order? order = await context.Http.GetFromJsonAsync("https://api.example.com/", Json.Default.Order, cancellationToken);
                    return new HttpResponseMessage { Content = new StringContent(Pattern.Match(order!.Name).Groups[1].Value) };
                }
            }
            """;

        await platform.DeployAsync(Source);

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("rigi"));
    }

    [TestCase("public class A;", "There are: none.")]
    [TestCase("public abstract class A : OutboundInterception.ITenantHandler { public abstract Task<HttpResponseMessage> FetchAsync(HttpRequestMessage r, OutboundInterception.TenantContext c, CancellationToken t); }", "There are: none.")]
    public async Task DeployAsync_NoHandler_Refused(string source, string message)
    {
        await using DeployPlatform platform = new();

        DeploymentException exception = (await Assert.ThrowsAsync<DeploymentException>(() => platform.DeployAsync(source)))!;

        Assert.That(exception.Diagnostics.Single(), Has.Property("Rule").EqualTo("handler").And.Property("Message").Contains(message));
    }

    [Test]
    public async Task DeployAsync_TwoHandlers_OneMustBeNamed()
    {
        await using DeployPlatform platform = new();
        Dictionary<string, string> files = new()
        {
            ["A.cs"] = DeployPlatform.Saying("a").Replace("Handler :", "First :", StringComparison.Ordinal),
            ["B.cs"] = DeployPlatform.Saying("b").Replace("Handler :", "Second :", StringComparison.Ordinal),
        };

        DeploymentException exception = (await Assert.ThrowsAsync<DeploymentException>(() => platform.Deployments.DeployAsync("tenant", new TenantSource(files))))!;
        await platform.Deployments.DeployAsync("tenant", new TenantSource(files) { HandlerType = "Second" });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.Message, Does.Contain("First, Second"));
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("b"));
        }
    }

    [TestCase("public Handler() => throw new InvalidOperationException(\"no\");", "InvalidOperationException: no")]
    [TestCase("public Handler(HttpClient client) { }", "use context.Http")]
    [TestCase("public Handler(IEnumerable<Handler> own) { }", "a type of the tenant's own")]
    [TestCase("public Handler(Uri unknown) { }", "is not a registered service")]
    public async Task DeployAsync_HandlerCannotBeMade_RefusedAndNothingChanged(string constructor, string message)
    {
        await using DeployPlatform platform = new();
        await platform.DeployAsync(DeployPlatform.Saying("old"));

        DeploymentException exception = (await Assert.ThrowsAsync<DeploymentException>(
            () => platform.DeployAsync(DeployPlatform.Doing("return new HttpResponseMessage();", constructor))))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.Diagnostics.Single().Rule, Is.EqualTo("constructor"));
            Assert.That(exception.Message, Does.Contain(message));
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("old"));
        }
    }

    [Test]
    public async Task DeployAsync_ConstructorHangs_CallerMayGiveUp()
    {
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ManualResetEventSlim release = new();
        await using DeployPlatform platform = new(services: services => services.AddSingleton<Action>(() =>
        {
            entered.TrySetResult();
            release.Wait();
        }));
        using CancellationTokenSource cancellation = new();
        Task deploying = platform.Deployments.DeployAsync(
            "tenant",
            TenantSource.FromText(DeployPlatform.Doing("return new HttpResponseMessage();", "public Handler(Action hang) => hang();")),
            null,
            cancellation.Token);
        await entered.Task;

        await cancellation.CancelAsync();

        await Assert.ThatAsync(() => deploying, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(platform.Namespace.Contains("tenant"), Is.False);
        release.Set();
    }

    [Test]
    public void TenantSource_TooMuch_Refused()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => new TenantSource(new Dictionary<string, string>()), Throws.ArgumentException);
            Assert.That(() => TenantSource.FromText(new string(' ', TenantSource.MaxLength + 1)), Throws.ArgumentException);
            Assert.That(
                () => new TenantSource(Enumerable.Range(0, TenantSource.MaxFiles + 1).ToDictionary(static index => $"{index}.cs", static _ => "")),
                Throws.ArgumentException);
        }
    }

    [Test]
    public async Task ReadFolderAsync_Folder_OnlySourcesOutsideOfBuildFolders()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "obj"));
            Directory.CreateDirectory(Path.Combine(folder, "sub"));
            File.WriteAllText(Path.Combine(folder, "a.cs"), "class A;");
            File.WriteAllText(Path.Combine(folder, "sub", "b.cs"), "class B;");
            File.WriteAllText(Path.Combine(folder, "obj", "c.cs"), "class C;");
            File.WriteAllText(Path.Combine(folder, ".editorconfig"), "root = true");
            File.CreateSymbolicLink(Path.Combine(folder, "d.cs"), "/etc/hostname");

            TenantSource source = await TenantSource.ReadFolderAsync(folder);

            Assert.That(source.Files.Keys, Is.EquivalentTo(["a.cs", "sub/b.cs"]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
