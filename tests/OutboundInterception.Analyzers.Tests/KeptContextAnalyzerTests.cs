namespace OutboundInterception.Analyzers.Tests;

public sealed class KeptContextAnalyzerTests
{
    [TestCase("_kept = context;", "private TenantContext? _kept;")]
    [TestCase("_kept = context.Http;", "private HttpClient? _kept;")]
    [TestCase("_kept ??= context.Http;", "private HttpClient? _kept;")]
    [TestCase("Kept = context.Http;", "public HttpClient? Kept { get; set; }")]
    [TestCase("_kept = new HttpClient(context.CreateHandler());", "private HttpClient? _kept;")]
    [TestCase("HttpClient http = context.Http; _kept = http;", "private HttpClient? _kept;")]
    [TestCase("s_kept = context.Http;", "private static HttpClient? s_kept;")]
    [TestCase("_kept.Add(context.Http);", "private readonly List<HttpClient> _kept = [];")]
    [TestCase("_kept[\"a\"] = context.Http;", "private readonly Dictionary<string, HttpClient> _kept = [];")]
    [TestCase("_kept = await context.ConnectWebSocketAsync(new Uri(\"wss://a.example\"));", "private System.Net.WebSockets.WebSocket? _kept;")]
    [TestCase("_last = await context.FetchAsync(request);", "private HttpResponseMessage? _last;")]
    [TestCase("_last = (await context.Http.GetAsync(\"https://a.example\")).Content;", "private HttpContent? _last;")]
    [TestCase("_last = context.Http.GetAsync(\"https://a.example\");", "private Task<HttpResponseMessage>? _last;")]
    [TestCase("_last = Task.Run(() => context.Http.GetStringAsync(\"https://a.example\"));", "private Task<string>? _last;")]
    [TestCase("_get = url => context.Http.GetStringAsync(url);", "private Func<string, Task<string>>? _get;")]
    [TestCase("HttpClient http = context.Http; _get = url => http.GetStringAsync(url);", "private Func<string, Task<string>>? _get;")]
    [TestCase("Func<string, Task<string>> get = url => context.Http.GetStringAsync(url); _get = get;", "private Func<string, Task<string>>? _get;")]
    [TestCase("_get = context.Http.GetStringAsync;", "private Func<string, Task<string>>? _get;")]
    [TestCase("_get += url => context.Http.GetStringAsync(url);", "private Func<string, Task<string>>? _get;")]
    [TestCase("Changed += () => _ = context.Http.Timeout;", "private static event Action? Changed;")]
    [TestCase("_kept = request.Content is null ? context.Http : null;", "private HttpClient? _kept;")]
    [TestCase("_kept = _kept ?? context.Http;", "private HttpClient? _kept;")]
    [TestCase("_kept = context.Http as object;", "private object? _kept;")]
    [TestCase("_kept = request.Version.Major switch { 1 => context.Http, _ => null };", "private HttpClient? _kept;")]
    [TestCase("_kept = (1, context.Http);", "private (int, HttpClient) _kept;")]
    [TestCase("(_kept, int one) = (context.Http, 1); _ = one;", "private HttpClient? _kept;")]
    [TestCase("_kept = [context.Http];", "private List<HttpClient>? _kept;")]
    [TestCase("_kept = new[] { context.Http };", "private HttpClient[]? _kept;")]
    [TestCase("_kept = new List<HttpClient> { context.Http };", "private List<HttpClient>? _kept;")]
    [TestCase("_kept = new State { Http = context.Http };", "private State? _kept; private sealed class State { public HttpClient? Http { get; set; } }")]
    [TestCase("_kept.Http = context.Http;", "private readonly State _kept = new(); private sealed class State { public HttpClient? Http { get; set; } }")]
    [TestCase("_kept[0] = context.Http;", "private readonly HttpClient[] _kept = new HttpClient[1];")]
    [TestCase("Interlocked.Exchange(ref _kept, context.Http);", "private HttpClient? _kept;")]
    [TestCase("Volatile.Write(ref _kept, context.Http);", "private HttpClient? _kept;")]
    [TestCase("Give(context, out _kept);", "private HttpClient? _kept; private static void Give(TenantContext context, out HttpClient http) => http = context.Http;")]
    [TestCase("ref HttpClient? place = ref _kept; place = context.Http;", "private HttpClient? _kept;")]
    [TestCase("HttpClient http; http = context.Http; _kept = http;", "private HttpClient? _kept;")]
    [TestCase("_kept.Value = context.Http;", "private static readonly AsyncLocal<HttpClient> _kept = new();")]
    [TestCase("_kept.SetResult(context.Http);", "private static readonly TaskCompletionSource<HttpClient> _kept = new();")]
    [TestCase("_kept = new Lazy<HttpClient>(() => context.Http);", "private Lazy<HttpClient>? _kept;")]
    [TestCase("_kept = context.Sockets;", "private SocketCapability? _kept;")]
    public async Task Kept_Error(string body, string members) =>
        Assert.That((await Verdicts.OfHostAsync(Verdicts.Handler(body, members))).Ids(), Is.EqualTo([KeptContextAnalyzer.Id]));

    [Test]
    public async Task KeptInTheBaseClass_Error() => Assert.That(
        (await Verdicts.OfHostAsync(Verdicts.Handler("Kept = context.Http;", types: "public abstract class Base { protected HttpClient? Kept { get; set; } }")
            .Replace("class Shop : ITenantHandler", "class Shop : Base, ITenantHandler", StringComparison.Ordinal))).Ids(),
        Is.EqualTo([KeptContextAnalyzer.Id]));

    [TestCase("_name = context.Tenant;", "private string? _name;")]
    [TestCase("HttpClient http = context.Http; _ = http.Timeout;", "")]
    [TestCase("_ = new Api(context.Http);", "private sealed class Api(HttpClient http) { private readonly HttpClient _http = http; public HttpClient Http => _http; }")]
    [TestCase("List<HttpClient> mine = []; mine.Add(context.Http);", "")]
    [TestCase("_last = await context.Http.GetStringAsync(\"https://a.example\");", "private string? _last;")]
    [TestCase("_last = (await context.FetchAsync(request)).StatusCode;", "private HttpStatusCode _last;")]
    [TestCase("_orders[context.Tenant] = await context.Http.GetFromJsonAsync<int[]>(\"https://a.example\", cancellationToken);", "private readonly Dictionary<string, int[]?> _orders = [];")]
    [TestCase("_ask = other => other.Http.GetStringAsync(\"https://a.example\");", "private Func<TenantContext, Task<string>>? _ask;")]
    [TestCase("await _service.SendAsync(context.Http);", "private readonly Service _service = new(); private sealed class Service { public Task SendAsync(HttpClient http) => http.GetStringAsync(\"https://a.example\"); }")]
    [TestCase("Interlocked.Increment(ref _count); int.TryParse(await context.Http.GetStringAsync(\"https://a.example\"), out _count);", "private int _count;")]
    [TestCase("Func<Task<string>> get = () => context.Http.GetStringAsync(\"https://a.example\"); _last = await get();", "private string? _last;")]
    public async Task PassedOn_Allowed(string body, string members) => Assert.That(await Verdicts.OfHostAsync(Verdicts.Handler(body, members)), Is.Empty);
}
