using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OutboundInterception.Tests;

[CancelAfter(60_000)]
public class RegistrationTests
{
    private static readonly TenantDelegate s_fetches = static (_, context, token) =>
        context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token);

    private static HttpRequestMessage Request => new(HttpMethod.Get, "https://tenant.apps.example.com/");

    private static IConfiguration Json(string json) => new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

    private sealed class Names : IOutboundWorker
    {
        public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent($"{context.Namespace}:{context.Get("customer")}") });
    }

    private sealed class Disposed
    {
        public int Count;
    }

    private sealed class PerDispatch(Disposed disposed) : ITenantHandler, IDisposable
    {
        public void Dispose() => disposed.Count++;

        public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent(disposed.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)) });
    }

    [Test]
    public async Task AddDispatchNamespaces_ConfigurationOfTheOriginalsShape_BindsAsItStands()
    {
        ServiceCollection services = new();
        services.AddDispatchNamespaces(Json("""
            {
              // as it stands
              "dispatch_namespaces": [
                { "binding": "DISPATCHER", "namespace": "production", "outbound": { "service": "names", "parameters": ["customer"] } }
              ]
            }
            """));
        services.AddOutboundWorker<Names>("names");
        services.AddDispatchNamespace("DISPATCHER").AddTenant("a", s_fetches);
        await using ServiceProvider provider = services.BuildServiceProvider();
        DispatchNamespace dispatcher = provider.GetRequiredKeyedService<DispatchNamespace>("DISPATCHER");

        using HttpResponseMessage response = await dispatcher.Get("a", new DispatchOptions().With("customer", "acme")).FetchAsync(Request);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("production:acme"));
        Assert.That(() => dispatcher.Get("a", new DispatchOptions()), Throws.ArgumentException.With.Message.Contains("'customer'"));
    }

    [TestCase("""{ "dispatch_namespaces": [{ "binding": "A", "outbond": {} }] }""", "outbond")]
    [TestCase("""{ "dispatch_namespaces": [{ "namespace": "a" }] }""", "binding\" is a required field")]
    [TestCase("""{ "dispatch_namespaces": [{ "binding": "A", "outbound": { "parameters": ["a"] } }] }""", "service\" is a required field")]
    [TestCase("""{ "dispatch_namespaces": [{ "binding": "A", "outbound": "text" }] }""", "should be an object, but got \"text\"")]
    public void AddDispatchNamespaces_ConfigurationIsWrong_SaysWhere(string json, string message) =>
        Assert.That(() => new ServiceCollection().AddDispatchNamespaces(Json(json)), Throws.InvalidOperationException.With.Message.Contains(message));

    [Test]
    public async Task Create_ConfigurationNamesAnUnknownWorker_FailsNamingTheCallToAdd()
    {
        ServiceCollection services = new();
        services.AddDispatchNamespaces(Json("""{ "dispatch_namespaces": [{ "binding": "A", "outbound": { "service": "nobody" } }] }"""));
        await using ServiceProvider provider = services.BuildServiceProvider();
        Assert.That(
            () => provider.GetRequiredService<DispatchNamespace>(),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("AddOutboundWorker<TWorker>(\"nobody\")"));
    }

    [Test]
    public async Task AddTenant_Scoped_HandlerOfEachDispatchIsDisposedWithIt()
    {
        await using Platform platform = Platform.Create(
            builder => builder.AddTenant<PerDispatch>("a", ServiceLifetime.Scoped), services => services.AddSingleton<Disposed>());
        for (int disposed = 0; disposed < 3; disposed++)
        {
            using HttpResponseMessage response = await platform.Namespace.Get("a").FetchAsync(Request);
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(disposed.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
    }

    [Test]
    public async Task DenyAllOutbound_NothingGoesOut()
    {
        await using Platform platform = Platform.Create(builder => builder.AddTenant("a", s_fetches).DenyAllOutbound());
        await Assert.ThrowsAsync<OutboundBlockedException>(() => platform.Namespace.Get("a").FetchAsync(Request));
        Assert.That(platform.Records.Single().RuleId, Is.EqualTo("deny-all"));
    }

    [Test]
    public void ConfigureEgress_PrimaryIsReplaced_StartFails()
    {
        using SocketsHttpHandler own = new();
        Assert.That(
            () => Platform.Create(builder => builder.ConfigureEgress(http => http.ConfigurePrimaryHttpMessageHandler(() => own))),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("primary handler"));
    }
}
