using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace OutboundInterception.Browser.Tests;

[CancelAfter(300_000)]
public class HostilePageTests
{
    [Test]
    public async Task Page_TenantPutsCodeEverywhere_NothingRunsAndTheLayoutHolds()
    {
        await using HostilePlatform platform = await HostilePlatform.StartAsync();
        await platform.DispatchAsync("hostile");
        IPage page = await Browser.OpenAsync(platform.Dashboard);
        await Expect(page.Locator("#rows .row")).ToHaveCountAsync(5);

        for (int row = 0; row < 5; row++)
        {
            await page.Locator("#rows .row").Nth(row).ClickAsync();
            await Expect(page.Locator("#drawer .facts").First).ToBeVisibleAsync();
            await page.Keyboard.PressAsync("Escape");
        }

        bool hacked = await page.EvaluateAsync<bool>("() => 'hacked' in window");
        int injected = await page.Locator("main img, main script, dialog img, dialog script, dialog svg[onload]").CountAsync();
        int overflow = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth");
        string text = await page.Locator("body").InnerTextAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(hacked, Is.False);
            Assert.That(injected, Is.Zero);
            Assert.That(overflow, Is.LessThanOrEqualTo(0));
            Assert.That(text.IndexOfAny(['\u202e', '\u0007', '\u001b']), Is.EqualTo(-1));
        }
    }

    [Test]
    public async Task Table_TenThousandRows_ScrollsWithoutStutter()
    {
        await using HostilePlatform platform = await HostilePlatform.StartAsync();
        IPage page = await Browser.OpenAsync(platform.Dashboard);
        await page.EvaluateAsync("""
            async () => {
              const { Table } = await import("./table.js");
              document.getElementById("rows").replaceChildren();
              window.table = new Table(document.getElementById("rows"), () => {});
              const record = { time: new Date().toISOString(), tenant: "many", method: "GET", scheme: "https", host: "api.example.com", port: 443, path: "/", decision: "sent", durationMs: 1 };
              table.reset(Array.from({ length: 10000 }, (_, index) => ({ ...record, path: "/" + index })));
            }
            """);

        // How long the page's own work on one step of a scroll through all rows takes, at its slowest tenth.
        double slow = await page.EvaluateAsync<double>("""
            async () => {
              const rows = document.getElementById("rows");
              const times = [];
              for (let top = 0; top < 10000 * 26; top += 2600) {
                rows.scrollTop = top;
                await new Promise(requestAnimationFrame);
                const begin = performance.now();
                table.add([{ ...{ time: new Date().toISOString(), tenant: "many", method: "GET", scheme: "https", host: "h", port: 443, path: "/new", decision: "sent", durationMs: 1 } }]);
                times.push(performance.now() - begin);
              }
              return times.sort((a, b) => a - b)[Math.floor(times.length * .9)];
            }
            """);
        int drawn = await page.Locator("#rows .row").CountAsync();

        TestContext.Out.WriteLine($"90 % of steps took less than {slow:0.0} ms; {drawn} rows are drawn.");
        Assert.That(drawn, Is.LessThan(60));
        Assert.That(slow, Is.LessThan(50));
    }
}
