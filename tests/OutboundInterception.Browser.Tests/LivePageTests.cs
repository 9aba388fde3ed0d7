using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace OutboundInterception.Browser.Tests;

/// <summary>What the page shows of tenants in every state, and how it is used without a mouse or without a server.</summary>
[CancelAfter(300_000)]
public class LivePageTests
{
    [Test]
    public async Task Drawer_HopsAndRetries_AreShownWithWhatIsNotRecorded()
    {
        await using LivePlatform platform = await LivePlatform.StartAsync();
        await platform.DispatchAsync("wandering");
        IPage page = await Browser.OpenAsync(platform.Dashboard + "?text=flaky");
        await page.Locator("#rows .row").First.ClickAsync();

        ILocator drawer = page.Locator("#drawer");
        await Expect(drawer.Locator(".waterfall li")).ToHaveCountAsync(3);
        await Expect(drawer.Locator(".waterfall li").Nth(1)).ToContainTextAsync(new Regex("↳ hop 1 GET elsewhere.example/.*blocked"));
        await Expect(drawer.Locator(".waterfall li").Nth(2)).ToContainTextAsync("(1 retry)");
        await Expect(drawer.Locator(".waterfall li").Nth(2).Locator(".bar i")).Not.ToHaveCountAsync(0);
        await Expect(drawer.Locator(".facts").First).ToContainTextAsync("Retries1");
        await drawer.GetByText("Request headers").ClickAsync();
        await Expect(drawer.Locator("details").First).ToContainTextAsync("Authorization(not recorded)");
        await Expect(drawer).Not.ToContainTextAsync("of-the-tenant");
        await drawer.Locator(".waterfall button").Nth(1).ClickAsync();
        await Expect(drawer.Locator(".facts").First).ToContainTextAsync("Hop1");
        await Expect(drawer.Locator(".facts").First).ToContainTextAsync("Ruledefault-deny");
    }

    [Test]
    public async Task Drawer_CopyAsCurl_IsOneCommandWhateverTheTenantPutIntoIt()
    {
        await using LivePlatform platform = await LivePlatform.StartAsync();
        await platform.DispatchAsync("quoting");
        IPage page = await Browser.OpenAsync(platform.Dashboard);
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await Expect(page.Locator("#rows .row")).ToHaveCountAsync(2);

        string[] header = await CopyAndRunAsync(page, 0);
        string[] method = await CopyAndRunAsync(page, 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(header[0], Is.EqualTo("--globoff"));
            Assert.That(Uri.UnescapeDataString(header[1]), Is.EqualTo(LivePlatform.Quoted.Replace("\n", "", StringComparison.Ordinal)));
            Assert.That(header[2..4], Is.EqualTo(new[] { "-H", $"Accept: {LivePlatform.QuotedHeader}" }));
            Assert.That(method[..3], Is.EqualTo(new[] { "--globoff", "-X", LivePlatform.QuotedMethod }));
            Assert.That(Uri.UnescapeDataString(method[3]), Is.EqualTo(LivePlatform.Quoted));
        }
    }

    // What a shell makes of it, with a curl that says what it was given and a path on which nothing else is found.
    private static async Task<string[]> CopyAndRunAsync(IPage page, int row)
    {
        await page.Locator($"#row-{row}").ClickAsync();
        await page.Locator("#drawer").GetByText("Copy as curl").ClickAsync();
        await Expect(page.Locator("#drawer [role=status]")).ToHaveTextAsync("Copied.");
        string command = await page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        await page.Keyboard.PressAsync("Escape");
        Assert.That(command, Does.Not.Contain('\n'));
        return await RunAsync($"curl() {{ printf '%s\n' \"$@\"; }}\nPATH=/nowhere\n{command}");
    }

    [Test]
    public async Task Drawer_SaveAsHar_IsAnArchiveOfVersion12()
    {
        await using LivePlatform platform = await LivePlatform.StartAsync();
        await platform.DispatchAsync("wandering");
        IPage page = await Browser.OpenAsync(platform.Dashboard);
        await page.Locator("#rows .row").First.ClickAsync();
        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Save the dispatch as HAR").ClickAsync());
        await using Stream stream = await download.CreateReadStreamAsync();
        using JsonDocument har = await JsonDocument.ParseAsync(stream);
        JsonElement log = har.RootElement.GetProperty("log");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(download.SuggestedFilename, Does.EndWith(".har"));
            Assert.That(log.GetProperty("version").GetString(), Is.EqualTo("1.2"));
            Assert.That(log.GetProperty("entries").EnumerateArray().Select(static entry => entry.GetProperty("response").GetProperty("status").GetInt32()), Is.EqualTo(new[] { 302, 0, 200 }));
            foreach (JsonElement entry in log.GetProperty("entries").EnumerateArray())
            {
                Assert.That(entry.GetProperty("startedDateTime").TryGetDateTimeOffset(out _), Is.True);
                Assert.That(Names(entry), Is.SupersetOf(["startedDateTime", "time", "request", "response", "cache", "timings"]));
                Assert.That(Names(entry.GetProperty("request")), Is.EquivalentTo(["method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"]));
                Assert.That(Names(entry.GetProperty("response")), Is.EquivalentTo(["status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize"]));
                Assert.That(new[] { "send", "wait", "receive" }.Select(name => entry.GetProperty("timings").GetProperty(name).GetDouble()), Is.All.GreaterThanOrEqualTo(0));
            }
        }

        static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(static member => member.Name)];
    }

    [Test]
    public async Task Tenant_WithAnOpenCircuitAndOneAtWork_ShowsBoth()
    {
        await using LivePlatform platform = await LivePlatform.StartAsync();
        await platform.DispatchAsync("broken");
        await platform.BeBusyAsync();
        IPage page = await Browser.OpenAsync(platform.Dashboard);
        ILocator dialog = page.Locator("#tenant-dialog");

        await page.Locator("#tenant-form input").FillAsync("broken");
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = "https://broken.example.com" })).ToContainTextAsync("Open");
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("#tenant-form input").FillAsync("busy");
        await page.Keyboard.PressAsync("Enter");
        ILocator limit = dialog.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = "10 per dispatch" });
        await Expect(limit).ToContainTextAsync("3");
        await Expect(limit.Locator("meter")).ToHaveAttributeAsync("value", "3");
        await Expect(dialog).ToContainTextAsync("1 running");
    }

    [Test]
    public async Task Table_ByTheKeyboardAlone_IsWalkedAndOpened()
    {
        await using LivePlatform platform = await LivePlatform.StartAsync();
        for (int index = 0; index < 20; index++)
        {
            await platform.DispatchAsync("wandering");
        }

        IPage page = await Browser.OpenAsync(platform.Dashboard);
        await Expect(page.Locator("#table-state")).ToContainTextAsync("60 rows");
        await page.Locator("#har").FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        ILocator rows = page.Locator("#rows");
        await Expect(rows).ToBeFocusedAsync();
        string outline = await rows.EvaluateAsync<string>("rows => getComputedStyle(rows).outlineStyle + ' ' + getComputedStyle(rows).outlineWidth");
        int page1 = (int)await rows.EvaluateAsync<double>("rows => Math.floor(rows.clientHeight / 26) - 1");

        foreach ((string key, int current) in new[]
        {
            ("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("Home", 0), ("ArrowUp", 0), ("PageDown", page1), ("PageDown", 2 * page1), ("PageUp", page1), ("End", 59), ("ArrowDown", 59),
        })
        {
            await page.Keyboard.PressAsync(key);
            await Expect(rows).ToHaveAttributeAsync("aria-activedescendant", $"row-{current}");
            await Expect(page.Locator($"#row-{current}")).ToHaveClassAsync(new Regex("current"));
            await Expect(page.Locator($"#row-{current}")).ToBeInViewportAsync();
        }

        string host = await page.Locator("#row-59 .url").InnerTextAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#drawer h3")).ToContainTextAsync(host);
        await page.Keyboard.PressAsync("Escape");
        await Expect(rows).ToBeFocusedAsync();
        Assert.That(outline, Is.EqualTo("solid 2px"));
    }

    [Test]
    public async Task Page_NothingYet_SaysSoEverywhere()
    {
        await using LivePlatform platform = await LivePlatform.StartAsync();
        IPage page = await Browser.OpenAsync(platform.Dashboard);
        await Expect(page.Locator("#table-state")).ToHaveTextAsync("No subrequests yet. They appear here as they happen.");
        await Expect(page.Locator("#top-tenants")).ToHaveTextAsync("Nothing in this time.");
        await Expect(page.Locator("#plots figure").First).ToBeVisibleAsync();
        await page.GetByText("Try it").ClickAsync();
        await Expect(page.Locator("#whatif-result")).ToContainTextAsync("There are no records yet.");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = DashboardPageTests.Shot("empty"), FullPage = true });
        await page.Locator("#filters [name=tenant]").FillAsync("nobody");
        await Expect(page.Locator("#table-state")).ToHaveTextAsync("No subrequest matches the filters.");
    }

    [Test]
    public async Task Page_ServerGoesAndComesBack_SaysSoAndGoesOn()
    {
        LivePlatform first = await LivePlatform.StartAsync();
        string url = first.Url;
        await first.DispatchAsync("wandering");
        IPage page = await Browser.OpenAsync(first.Dashboard);
        await Expect(page.Locator("#rows .row")).ToHaveCountAsync(3);
        await first.DisposeAsync();
        ILocator connection = page.Locator("#connection");
        await Expect(connection).ToContainTextAsync("Trying again…");
        await Expect(connection).ToHaveClassAsync(new Regex("lost"));
        await page.Locator("#rows .row").First.ClickAsync();
        await Expect(page.Locator("#drawer .error")).ToContainTextAsync("The server does not answer.");
        await Expect(page.Locator("#drawer .facts").First).ToContainTextAsync("Decision");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = DashboardPageTests.Shot("error") });
        await page.Keyboard.PressAsync("Escape");

        await using LivePlatform second = await LivePlatform.StartAsync(url);
        await second.DispatchAsync("quoting");
        await Expect(connection).ToHaveTextAsync("Live");
        await Expect(connection).Not.ToHaveClassAsync(new Regex("lost"));
        await Expect(page.Locator("#rows .row .tenant")).ToHaveTextAsync(["quoting", "quoting"]);
    }

    [Test]
    public async Task Page_FromElsewhere_IsRefusedInWords()
    {
        await using LivePlatform platform = await LivePlatform.StartAsync(isElsewhere: true);
        IPage page = await Browser.NewPageAsync();
        IResponse? response = await page.GotoAsync(platform.Dashboard);

        Assert.That(response?.Status, Is.EqualTo(403));
        await Expect(page.Locator("body")).ToContainTextAsync("Call RequireAuthorization() or AllowRemote()");
    }

    [Test]
    public async Task Page_RefusedLater_SaysSoAndGoesOnWhenItMayAgain()
    {
        await using LivePlatform platform = await LivePlatform.StartAsync();
        IPage page = await Browser.OpenAsync(platform.Dashboard);
        await page.RouteAsync("**/api/**", static route => route.FulfillAsync(new RouteFulfillOptions { Status = 403 }));
        await page.Locator("#filters [name=text]").FillAsync("a");
        await Expect(page.Locator("#connection")).ToHaveTextAsync("You are not allowed to (403). Trying again…");
        await page.UnrouteAllAsync();

        await Expect(page.Locator("#connection")).ToHaveTextAsync("Live");
    }

    [TestCase("1", 60)]
    [TestCase("5", 60)]
    [TestCase("15", 90)]
    public async Task Span_OfEachLength_IsAskedForAndKeptInTheAddress(string minutes, int points)
    {
        await using LivePlatform platform = await LivePlatform.StartAsync();
        await platform.DispatchAsync("wandering");
        IPage page = await Browser.OpenAsync(platform.Dashboard + (minutes == "1" ? "?minutes=5" : ""));
        IResponse answer = await page.RunAndWaitForResponseAsync(
            () => page.Locator($"#minutes input[value='{minutes}']").CheckAsync(), response => response.Url.Contains($"summary?minutes={minutes}", StringComparison.Ordinal) && response.Url.EndsWith(minutes, StringComparison.Ordinal));
        JsonElement summary = (await answer.JsonAsync())!.Value;

        Assert.That(summary.GetProperty("series").GetArrayLength(), Is.EqualTo(points));
        await Expect(page).ToHaveURLAsync(new Regex($"[?&]minutes={minutes}(&|$)"));
        await Expect(page.Locator("#counters")).ToContainTextAsync(new Regex("Subrequests3per second0.*Blocked33.3 %Failed0p50.* msp95.* msp99.* msBytes out0 BBytes in6 BActive dispatches0Tenants4"));
        await Expect(page.Locator("#plots figure")).ToHaveCountAsync(5);
    }

    [Test]
    public async Task Tops_OfTenantsAndHosts_HaveTheirCourseAndLeadOn()
    {
        await using LivePlatform platform = await LivePlatform.StartAsync();
        await platform.DispatchAsync("wandering");
        await platform.DispatchAsync("broken");
        IPage page = await Browser.OpenAsync(platform.Dashboard);
        await Expect(page.Locator("#top-tenants li")).ToHaveCountAsync(2);
        await Expect(page.Locator("#top-tenants li").First).ToContainTextAsync("wandering3, 1 blocked");
        await Expect(page.Locator("#top-hosts li")).ToHaveTextAsync(new[] { "api.example.com2", "broken.example.com1", "elsewhere.example1, 1 blocked" });
        Assert.That(await page.Locator("#top-hosts polyline").First.GetAttributeAsync("points"), Does.Match("^0,.* 5,"));
        await page.Locator("#top-hosts button").Nth(1).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("host=broken.example.com"));
        await Expect(page.Locator("#rows .row")).ToHaveCountAsync(1);
        await page.Locator("#top-tenants button").First.ClickAsync();
        await Expect(page.Locator("#tenant-title")).ToHaveTextAsync("Tenant wandering");
    }

    private static async Task<string[]> RunAsync(string script)
    {
        using Process shell = Process.Start(new ProcessStartInfo("/bin/bash", ["--norc", "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string[] lines = (await shell.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string errors = await shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.That((shell.ExitCode, errors), Is.EqualTo((0, "")));
        return lines;
    }
}
