using OutboundInterception;
using Storefront;

bool once = args.Contains("--once");
await using StandIn standIn = await StandIn.StartAsync();
WebApplicationBuilder builder = WebApplication.CreateBuilder([.. args.Where(argument => argument != "--once")]);
builder.Logging.SetMinimumLevel(LogLevel.Error);
if (builder.Configuration["urls"] is null)
{
    builder.WebHost.UseUrls("http://127.0.0.1:5080");
}

string? upstream = builder.Configuration["upstream"];
AuditTrail trail = new();
builder.Services.AddDispatchNamespace("production")
    .AddTenant<ShopHandler>("shop")
    .AddTenant<MailerHandler>("mailer")
    .AddTenant<NaughtyHandler>("naughty")
    .AddTenant<NewcomerHandler>("newcomer")
    .AddOutboundWorker<ApiCredentials>(ApiCredentials.Customer)
    .AddOutboundObserver(trail)
    .AddOutboundDashboard()
    .ConfigurePolicy(policy => policy
        .AllowHosts("api.example.com", "*.example.net")
        .DenyHosts("admin.example.net")
        .ForTenant("newcomer", tenant => tenant.Mode(PolicyMode.Report)))
    .AddResilience()
    .Route("api.example.com", upstream ?? standIn.Url)
    .Route("hooks.example.net", standIn.Url)
    .Route("stats.example.org", standIn.Url);

await using WebApplication app = builder.Build();
app.MapDispatchNamespace(
    "production",
    TenantResolver.Subdomain("apps.example.com"),
    (_, tenant) => new DispatchOptions().With(ApiCredentials.Customer, new Customer($"customer-of-{tenant}", "gold")));
app.MapOutboundDashboard("/_outbound").AllowKillSwitch();
await app.StartAsync();

string url = app.Urls.First();
DispatchNamespace production = app.Services.GetRequiredKeyedService<DispatchNamespace>("production");
IReadOnlyDictionary<string, IReadOnlyList<DeploymentDiagnostic>> refused =
    await Uploads.DeployAsync(production, Path.Combine(AppContext.BaseDirectory, "Uploads"));
IReadOnlyList<string> wrong = await new SelfTest(url, production, trail, standIn, upstream is null, refused).RunAsync();
trail.PrintTo(Console.Out);
foreach ((string tenant, IReadOnlyList<DeploymentDiagnostic> diagnostics) in refused)
{
    Console.WriteLine($"{Environment.NewLine}refused: {tenant}");
    foreach (DeploymentDiagnostic diagnostic in diagnostics)
    {
        Console.WriteLine($"  {diagnostic}");
    }
}

foreach (string line in wrong)
{
    Console.Error.WriteLine($"Unexpected: {line}");
}

if (once)
{
    await app.StopAsync();
    return wrong.Count == 0 ? 0 : 1;
}

Console.WriteLine($"""

    Serving on {url}. Try:
      curl -H 'Host: shop.apps.example.com' {url}/
      curl -H 'Host: mailer.apps.example.com' {url}/
      curl -H 'Host: naughty.apps.example.com' {url}/
      curl -H 'Host: newcomer.apps.example.com' {url}/
      curl -H 'Host: greeter.apps.example.com' {url}/
      curl -i -H 'Host: nobody.apps.example.com' {url}/
    The live page: {url}/_outbound/
    """);
await app.WaitForShutdownAsync();
return 0;
