using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace OutboundInterception.Browser.Tests;

[CancelAfter(300_000)]
public class DashboardPageTests
{
    private RunningStorefront _storefront = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _storefront = await RunningStorefront.StartAsync();

    [OneTimeTearDown]
    public void Stop() => _storefront.Dispose();

    [Test]
    public async Task Row_OfARequest_ArrivesWithinASecond()
    {
        IPage page = await Browser.OpenAsync(_storefront.Dashboard + "?tenant=mailer");
        ILocator rows = page.Locator("#rows .row");
        await Expect(page.Locator("#table-state")).ToContainTextAsync("rows");

        // Measured in the page, from the response to the row. What the machine else does is not the feed's affair: the best of
        // some counts.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5 && least >= 1000; attempt++)
        {
            await page.Locator("#clear").ClickAsync();
            await Expect(rows).ToHaveCountAsync(0);
            await page.EvaluateAsync("""
                () => { window.arrived = new Promise(resolve => new MutationObserver(() => document.querySelector("#rows .row") && resolve(Date.now())).observe(document.getElementById("rows"), { childList: true })); }
                """);
            await _storefront.AskAsync("mailer");
            long asked = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            long arrived = await page.EvaluateAsync<long>("() => window.arrived");
            await TestContext.Out.WriteLineAsync($"Arrived {arrived - asked} ms after the response.");
            least = long.Min(least, arrived - asked);

            // Its second subrequest too, so that the next attempt does not take it for its own.
            await Expect(rows).ToHaveCountAsync(2);
        }

        Assert.That(least, Is.LessThan(1000));
    }

    [TestCase("tenant", "naughty", "naughty")]
    [TestCase("host", "hooks.example", "hooks.example.net")]
    [TestCase("status", "2xx", "200")]
    [TestCase("text", "/orders", "/orders")]
    [TestCase("decision", "blocked", "blocked")]
    public async Task Filter_EachField_ShowsOnlyWhatMatchesAlsoFromTheUrl(string field, string value, string expected)
    {
        IPage page = await Browser.OpenAsync(_storefront.Dashboard);
        ILocator input = page.Locator($"#filters [name={field}]");
        if (field == "decision")
        {
            await input.SelectOptionAsync(value);
        }
        else
        {
            await input.FillAsync(value);
        }

        await Expect(page).ToHaveURLAsync(new Regex($"[?&]{field}={Regex.Escape(Uri.EscapeDataString(value))}"));
        await AllRowsAsync(page, expected);

        IPage again = await Browser.OpenAsync(page.Url);
        await Expect(again.Locator($"#filters [name={field}]")).ToHaveValueAsync(value);
        await AllRowsAsync(again, expected);
    }

    [Test]
    public async Task Drawer_OfABlockedSubrequest_SaysWhyAndIsLeftByTheKeyboard()
    {
        IPage page = await Browser.OpenAsync(_storefront.Dashboard + "?decision=blocked&text=evil.example");
        await Expect(page.Locator("#rows .row").First).ToBeVisibleAsync();

        await page.Locator("#rows").FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        ILocator drawer = page.Locator("#drawer");
        await Expect(drawer).ToBeVisibleAsync();
        await Expect(drawer).ToContainTextAsync("default-deny");
        await Expect(drawer).ToContainTextAsync("no allow rule of the tenant or the namespace matched");
        await Expect(drawer).ToContainTextAsync("curl --globoff 'https://evil.example/'");
        await Expect(drawer.Locator(".waterfall li")).Not.ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Escape");
        await Expect(drawer).ToBeHiddenAsync();
    }

    [Test]
    public async Task Drawer_SaveAsHar_GivesTheDispatch()
    {
        IPage page = await Browser.OpenAsync(_storefront.Dashboard + "?tenant=shop");
        await page.Locator("#rows .row").First.ClickAsync();
        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Save the dispatch as HAR").ClickAsync());
        using StreamReader reader = new(await download.CreateReadStreamAsync());

        string har = await reader.ReadToEndAsync();

        Assert.That(har, Does.Contain("https://api.example.com/orders").And.Contain("\"version\":\"1.2\""));
    }

    [Test]
    public async Task Pause_HoldsRowsBackUntilResumed()
    {
        IPage page = await Browser.OpenAsync(_storefront.Dashboard + "?tenant=mailer");
        await page.Locator("#clear").ClickAsync();
        await page.Locator("#pause").ClickAsync();
        await _storefront.AskAsync("mailer");
        await Expect(page.Locator("#table-state")).ToContainTextAsync("Paused, 2 new.");
        int during = await page.Locator("#rows .row").CountAsync();
        await page.Locator("#pause").ClickAsync();

        await Expect(page.Locator("#rows .row")).ToHaveCountAsync(2);
        Assert.That(during, Is.Zero);
    }

    [Test]
    public async Task Theme_IsChosenAndRemembered()
    {
        IPage page = await Browser.OpenAsync(_storefront.Dashboard);
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
        await page.Locator("#theme").ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.ReloadAsync();

        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
    }

    [Test]
    public async Task KillSwitch_CutsTheTenantOffAndLetsItBackIn()
    {
        IPage page = await Browser.OpenAsync(_storefront.Dashboard);
        await page.Locator("#tenant-form input").FillAsync("shop");
        await page.Locator("#tenant-form button").ClickAsync();
        ILocator dialog = page.Locator("#tenant-dialog");
        await dialog.GetByText("Switch off…").ClickAsync();
        await dialog.GetByText("Yes, cut everything off now").ClickAsync();
        await Expect(dialog).ToContainTextAsync("nothing of it goes out");
        await _storefront.AskAsync("shop");
        await dialog.GetByText("Switch on again").ClickAsync();
        await Expect(dialog.GetByText("Switch off…")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("#filters [name=text]").FillAsync("kill-switch");

        await AllRowsAsync(page, "shop");
    }

    [Test]
    public async Task Tenant_OneThatWasDeployed_ShowsItsVersionsLimitsAndRules()
    {
        IPage page = await Browser.OpenAsync(_storefront.Dashboard);
        await page.Locator("#tenant-form input").FillAsync("greeter");
        await page.Locator("#tenant-form button").ClickAsync();

        ILocator dialog = page.Locator("#tenant-dialog");
        await Expect(dialog).ToContainTextAsync("Versions deployed");
        await Expect(dialog).ToContainTextAsync("100 %");
        await Expect(dialog).ToContainTextAsync("Concurrent subrequests");
        await Expect(dialog).ToContainTextAsync("api.example.com, *.example.net");
    }

    [Test]
    public async Task ReportHits_OfATenantInReportMode_AreShownByTheButton()
    {
        IPage page = await Browser.OpenAsync(_storefront.Dashboard);
        await page.Locator("#report-hits").ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex("[?&]decision=report"));
        await AllRowsAsync(page, "would block");
        await Expect(page.Locator("#rows .row").First).ToContainTextAsync("https://stats.example.org/visits");
        await page.Locator("#rows .row").First.ClickAsync();
        await Expect(page.Locator("#drawer .facts").First).ToContainTextAsync("would have been blocked (report mode)");
    }

    [Test]
    public async Task WhatIf_APolicy_SaysWhatItWouldChange()
    {
        IPage page = await Browser.OpenAsync(_storefront.Dashboard);
        await page.Locator("#policy").FillAsync("""{ "Allow": [ "nothing.example" ] }""");
        await page.GetByText("Try it").ClickAsync();
        await Expect(page.Locator("#whatif-result")).ToContainTextAsync("would be treated differently");
        await Expect(page.Locator("#whatif-result table")).ToContainTextAsync("api.example.com/orders");
        await page.Locator("#policy").FillAsync("""{ "Alow": [] }""");
        await page.GetByText("Try it").ClickAsync();

        await Expect(page.Locator("#whatif-result")).ToContainTextAsync("Alow");
    }

    [TestCase(1280, ColorScheme.Light, "light")]
    [TestCase(1280, ColorScheme.Dark, "dark")]
    [TestCase(400, ColorScheme.Light, "narrow")]
    public async Task Page_InEachDress_HasNoSeriousProblemForReaders(int width, ColorScheme scheme, string name)
    {
        await _storefront.AskAsync("naughty");
        IPage page = await Browser.OpenAsync(_storefront.Dashboard + "?minutes=5", width, scheme: scheme);
        await Expect(page.Locator("#plots figure")).ToHaveCountAsync(5);
        await Expect(page.Locator("#top-tenants li").First).ToBeVisibleAsync();
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Shot(name), FullPage = true });
        await NoSeriousProblemAsync(page);
        int overflow = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth");

        await page.Locator("#rows .row").First.ClickAsync();
        await Expect(page.Locator("#drawer .facts").First).ToBeVisibleAsync();
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Shot(name + "-drawer") });
        await NoSeriousProblemAsync(page);
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("#tenant-form input").FillAsync("naughty");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#tenant-body table").First).ToBeVisibleAsync();
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Shot(name + "-tenant") });
        await NoSeriousProblemAsync(page);

        Assert.That(overflow, Is.LessThanOrEqualTo(0), "the page must not scroll sideways");
    }

    private static async Task AllRowsAsync(IPage page, string expected)
    {
        ILocator rows = page.Locator("#rows .row");
        await Expect(rows.First).ToBeVisibleAsync();
        await Expect(rows.Filter(new LocatorFilterOptions { HasNotText = expected })).ToHaveCountAsync(0);
    }

    private static async Task NoSeriousProblemAsync(IPage page)
    {
        AxeResult result = await page.RunAxe();
        Assert.That(
            result.Violations.Where(static violation => violation.Impact is "serious" or "critical").Select(static violation => $"{violation.Id}: {string.Join(" | ", violation.Nodes.Select(static node => node.Html))}"),
            Is.Empty);
    }

    internal static string Shot(string name)
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "screenshots", name + ".png");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
