using System.Net;
using OutboundInterception;

namespace Storefront;

/// <summary>Asks the platform what a client would, over real HTTP, and compares.</summary>
internal sealed class SelfTest(
    string url,
    DispatchNamespace tenants,
    AuditTrail trail,
    StandIn standIn,
    bool usesStandIn,
    IReadOnlyDictionary<string, IReadOnlyList<DeploymentDiagnostic>> refused)
{
    private readonly List<string> _wrong = [];

    /// <returns>What was not as expected.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        await AskAsync("shop", HttpStatusCode.OK, usesStandIn ? ["\"sub\":\"customer-of-shop\"", "\"plan\":\"gold\"", "\"host\":\"api.example.com\""] : []);
        await AskAsync("mailer", HttpStatusCode.Accepted, "queued");
        await AskAsync(
            "naughty",
            HttpStatusCode.OK,
            "\"blocked host\": \"OutboundBlockedException\"",
            "\"denied host of an allowed domain\": \"OutboundBlockedException\"",
            "\"metadata address\": \"OutboundBlockedException\"",
            "\"redirect to a blocked host\": \"OutboundBlockedException\"",
            "\"tunnel\": \"InvalidSubrequestException\"",
            "\"password in the url\": \"InvalidSubrequestException\"",
            "\"token in the response\\u0027s request\": \"none\"");
        await AskAsync("newcomer", HttpStatusCode.OK, "\"counted\":200");
        await AskAsync("nobody", HttpStatusCode.NotFound);
        await AskAsync("greeter", HttpStatusCode.OK, usesStandIn ? ["hello from greeter", "\"status\":200"] : ["hello from greeter"]);
        await AskAsync("smuggler", HttpStatusCode.NotFound);
        Expect(
            refused.Keys.SequenceEqual(["smuggler"]) && refused["smuggler"].Any(diagnostic => diagnostic is { File: "SmugglerHandler.cs", Line: 10 }),
            $"not the smuggler alone was refused, or not for its line 10: {string.Join("; ", refused.SelectMany(tenant => tenant.Value))}");
        await BackgroundWorkAsync();
        if (usesStandIn)
        {
            Expect(standIn.Subjects.Contains("customer-of-shop"), "the API saw no token of the shop's customer");
        }

        Expect(trail.Records.Count(record => record.Tenant == "mailer" && record.Status == 200) == 2, "the mailer did not post twice");
        Expect(trail.Records.Count(record => record is { Tenant: "newcomer", WouldBlock: true, Status: 200 }) == 1, "the newcomer's call was not reported");
        return _wrong;
    }

    private async Task AskAsync(string tenant, HttpStatusCode status, params string[] texts)
    {
        using HttpClient client = new();
        HttpRequestMessage request = new(HttpMethod.Get, url);
        request.Headers.Host = $"{tenant}.apps.example.com";
        using HttpResponseMessage response = await client.SendAsync(request);
        string body = await response.Content.ReadAsStringAsync();
        Expect(response.StatusCode == status, $"{tenant}: status {(int)response.StatusCode} instead of {(int)status}: {body}");
        foreach (string text in texts)
        {
            Expect(body.Contains(text, StringComparison.Ordinal), $"{tenant}: no {text} in {body}");
        }
    }

    // The mailer's second post comes after its response.
    private async Task BackgroundWorkAsync()
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        for (int waited = 0; tenants.ActiveDispatches > 0 && waited < 500; waited++)
        {
            await timer.WaitForNextTickAsync();
        }
    }

    private void Expect(bool condition, string otherwise)
    {
        if (!condition)
        {
            _wrong.Add(otherwise);
        }
    }
}
