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
    public async Task Kept_Error(string body, string members) =>
        Assert.That((await Verdicts.OfHostAsync(Verdicts.Handler(body, members))).Ids(), Is.EqualTo([KeptContextAnalyzer.Id]));

    [TestCase("_name = context.Tenant;", "private string? _name;")]
    [TestCase("HttpClient http = context.Http; _ = http.Timeout;", "")]
    [TestCase("_ = new Api(context.Http);", "private sealed class Api(HttpClient http) { private readonly HttpClient _http = http; public HttpClient Http => _http; }")]
    [TestCase("List<HttpClient> mine = []; mine.Add(context.Http);", "")]
    [TestCase("_last = await context.FetchAsync(request);", "private HttpResponseMessage? _last;")]
    public async Task PassedOn_Allowed(string body, string members) => Assert.That(await Verdicts.OfHostAsync(Verdicts.Handler(body, members)), Is.Empty);
}
