using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers.Tests;

public sealed class TenantCallsAnalyzerTests
{
    [Test]
    public async Task Calls_Followed_PathInTheMessage()
    {
        IReadOnlyList<Diagnostic> diagnostics = await Verdicts.OfHostAsync(Verdicts.Handler("_ = Pricing.Load();"), """
            static class Pricing { public static int Load() => Cache.Refresh(); }
            static class Cache { public static int Refresh() { using var c = new System.Net.Sockets.TcpClient("a", 1); return 1; } }
            """);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(diagnostics.Ids(), Is.EqualTo([TenantCallsAnalyzer.Id]));
            Assert.That(diagnostics.Messages().First(), Does.Contain("(FetchAsync → Pricing.Load → Cache.Refresh → TcpClient..ctor)"));
            Assert.That(diagnostics[0].Text(), Does.Contain("TcpClient"));
        }
    }

    [Test]
    public async Task HostCodeThatNoTenantReaches_IsTheHosts() =>
        Assert.That(await Verdicts.OfHostAsync(Verdicts.Handler("_ = 1;"), "static class Host { public static string Name() => Dns.GetHostName(); }"), Is.Empty);

    [TestCase("_ = new Made();", "class Made { public Made() => Enemy.Go(); }", TestName = "Constructor")]
    [TestCase("_ = new Made();", "class Base { protected Base() => Enemy.Go(); } class Made : Base { }", TestName = "Constructor of the base")]
    [TestCase("_ = new Made();", "class Base(string s) { public string S => s; } class Made() : Base(Enemy.Go());", TestName = "Argument of a primary constructor's base")]
    [TestCase("_ = new Made();", "class Made { private readonly string _s = Enemy.Go(); }", TestName = "Field initializer")]
    [TestCase("_ = new Made();", "class Made { public string S { get; } = Enemy.Go(); }", TestName = "Property initializer")]
    [TestCase("_ = new Made();", "class Made { static Made() => Enemy.Go(); }", TestName = "Static constructor")]
    [TestCase("_ = Made.N;", "class Made { public static int N; static readonly string s = Enemy.Go(); }", TestName = "Static initializer of a type that is touched")]
    [TestCase("_ = new Made().ToString();", "class Made { public override string ToString() => Enemy.Go(); }", TestName = "Override")]
    [TestCase("using var m = new Made();", "class Made : IDisposable { public void Dispose() => Enemy.Go(); }", TestName = "Dispose")]
    [TestCase("using (new Made()) { }", "ref struct Made { public void Dispose() => Enemy.Go(); }", TestName = "Dispose by pattern")]
    [TestCase("IFoo f = new Made(); f.Go();", "interface IFoo { void Go(); } class Made : IFoo { void IFoo.Go() => Enemy.Go(); }", TestName = "Interface of an object that the tenant made")]
    [TestCase("foreach (int i in new Made()) { }", "class Made { public IEnumerator<int> GetEnumerator() { Enemy.Go(); yield break; } }", TestName = "Enumerator")]
    [TestCase("await new Made();", "class Made { public System.Runtime.CompilerServices.TaskAwaiter GetAwaiter() { Enemy.Go(); return default; } }", TestName = "Awaiter")]
    [TestCase("var (a, b) = new Made();", "class Made { public void Deconstruct(out int a, out int b) { Enemy.Go(); a = b = 0; } }", TestName = "Deconstruction")]
    [TestCase("_ = new Made() + 1;", "class Made { public static int operator +(Made m, int i) { Enemy.Go(); return i; } }", TestName = "Operator")]
    [TestCase("int i = new Made();", "class Made { public static implicit operator int(Made m) { Enemy.Go(); return 1; } }", TestName = "Conversion")]
    [TestCase("_ = \"x\".Extended();", "static class Made { public static string Extended(this string s) => Enemy.Go(); }", TestName = "Extension")]
    [TestCase("_ = \"x\".Extended();", "static class Made { extension(string s) { public string Extended() => Enemy.Go(); } }", TestName = "Extension block")]
    [TestCase("Func<string> f = Made.Go;", "static class Made { public static string Go() => Enemy.Go(); }", TestName = "Method group")]
    [TestCase("Func<string> f = () => Made.Go();", "static class Made { public static string Go() => Enemy.Go(); }", TestName = "Lambda")]
    [TestCase("_ = new[] { 1 }.Select(i => Made.Go());", "static class Made { public static string Go() => Enemy.Go(); }", TestName = "Lambda of a query")]
    [TestCase("_ = new Made { 1 };", "class Made : System.Collections.IEnumerable { public void Add(int i) => Enemy.Go(); public System.Collections.IEnumerator GetEnumerator() => null!; }", TestName = "Collection initializer")]
    [TestCase("Made m = [1];", "class Made : IEnumerable<int> { public void Add(int i) => Enemy.Go(); public IEnumerator<int> GetEnumerator() => null!; System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => null!; }", TestName = "Collection expression")]
    [TestCase("_ = new Made { S = \"x\" };", "class Made { public string S { set => Enemy.Go(); } }", TestName = "Setter of an object initializer")]
    [TestCase("_ = new Made()[0];", "class Made { public string this[int i] => Enemy.Go(); }", TestName = "Indexer")]
    [TestCase("new Made().E += (_, _) => { };", "class Made { public event EventHandler E { add => Enemy.Go(); remove { } } }", TestName = "Event accessor")]
    [TestCase("_ = new Made() is { S: \"x\" };", "class Made { public string S => Enemy.Go(); }", TestName = "Property pattern")]
    [TestCase("Partial.Go();", "partial class Partial { public static partial void Go(); } partial class Partial { public static partial void Go() => Enemy.Go(); }", TestName = "Partial method")]
    [TestCase("Local(); static void Local() => Enemy.Go();", "", TestName = "Local function")]
    public async Task Way_Followed(string body, string types)
    {
        IReadOnlyList<Diagnostic> diagnostics = await Verdicts.OfHostAsync(Verdicts.Handler(body), types, "static class Enemy { public static string Go() => Dns.GetHostName(); }");

        Assert.That(diagnostics.Ids(), Does.Contain(TenantCallsAnalyzer.Id));
    }

    [Test]
    public async Task InjectedService_IsTheHostsGrant()
    {
        IReadOnlyList<Diagnostic> diagnostics = await Verdicts.OfHostAsync("""
            public interface IOrders { Task<string> LoadAsync(); }
            public sealed class Orders : IOrders { public async Task<string> LoadAsync() { await Task.Yield(); return Dns.GetHostName(); } }
            public sealed class Names { public string Get() => Dns.GetHostName(); }
            public sealed class Shop(IOrders orders, Names names, Microsoft.Extensions.Options.IOptions<Names> options) : ITenantHandler
            {
                private readonly Names _names = names;
                public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken) =>
                    new() { ReasonPhrase = await orders.LoadAsync() + _names.Get() + options.Value.Get() };
            }
            """);

        Assert.That(diagnostics, Is.Empty);
    }

    [Test]
    public async Task InjectedServiceThatTheTenantMakesItself_IsFollowed()
    {
        IReadOnlyList<Diagnostic> diagnostics = await Verdicts.OfHostAsync("""
            public sealed class Names { public string Get() => Dns.GetHostName(); }
            public sealed class Shop(Names names) : ITenantHandler
            {
                public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken) =>
                    Task.FromResult(new HttpResponseMessage { ReasonPhrase = names.Get() + new Names().Get() });
            }
            """);

        Assert.That(diagnostics.Ids(), Is.EqualTo([TenantCallsAnalyzer.Id]));
    }

    [TestCase("IServiceProvider")]
    [TestCase("IHttpClientFactory")]
    public async Task InjectedFactory_IsNoGrant(string type)
    {
        IReadOnlyList<Diagnostic> diagnostics = await Verdicts.OfHostAsync($$"""
            public sealed class Shop({{type}} service) : ITenantHandler
            {
                public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken) =>
                    Task.FromResult(new HttpResponseMessage { ReasonPhrase = service.ToString() });
            }
            """);

        Assert.That(diagnostics.Ids(), Does.Contain(TenantCallsAnalyzer.Id));
    }

    [TestCase("builder.AddTenant(\"a\", async (request, context, token) => { await Task.Yield(); _ = Dns.GetHostName(); return new HttpResponseMessage(); });", TestName = "Lambda of AddTenant")]
    [TestCase("builder.AddTenant(\"a\", Go);", TestName = "Method group of AddTenant")]
    [TestCase("TenantDelegate d = Go; builder.AddTenant(\"a\", d);", TestName = "Delegate in a variable")]
    public async Task TenantDelegate_Followed(string registration)
    {
        IReadOnlyList<Diagnostic> diagnostics = await Verdicts.OfHostAsync($$"""
            using Microsoft.Extensions.DependencyInjection;
            static class Host
            {
                static void Add(IDispatchNamespaceBuilder builder) { {{registration}} }
                static Task<HttpResponseMessage> Go(HttpRequestMessage request, TenantContext context, CancellationToken token) =>
                    Task.FromResult(new HttpResponseMessage { ReasonPhrase = Dns.GetHostName() });
            }
            """);

        Assert.That(diagnostics.Ids(), Is.EqualTo([TenantCallsAnalyzer.Id]));
    }

    [Test]
    public async Task TenantDelegate_WhatItCaptures_IsTheHostsGrant()
    {
        IReadOnlyList<Diagnostic> diagnostics = await Verdicts.OfHostAsync("""
            using Microsoft.Extensions.DependencyInjection;
            sealed class Names { public string Get() => Dns.GetHostName(); }
            static class Host
            {
                static void Add(IDispatchNamespaceBuilder builder, Names names) =>
                    builder.AddTenant("a", (request, context, token) => Task.FromResult(new HttpResponseMessage { ReasonPhrase = names.Get() }));
            }
            """);

        Assert.That(diagnostics, Is.Empty);
    }

    [Test]
    public async Task Recursion_Ends() =>
        Assert.That(
            (await Verdicts.OfHostAsync(Verdicts.Handler("A.Go(3);"), "static class A { public static void Go(int n) { if (n > 0) { B.Go(n - 1); } else { Dns.GetHostName(); } } } static class B { public static void Go(int n) => A.Go(n); }")).Ids(),
            Is.EqualTo([TenantCallsAnalyzer.Id]));
}
