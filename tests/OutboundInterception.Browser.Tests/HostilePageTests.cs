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

        // Real frames, while rows come and all of them are scrolled through: what is between two of them, and how long the
        // page itself kept the browser from the next. The best of some runs, and against frames with nothing to do right before:
        // the machine has other things to do.
        double[] best = [double.MaxValue, double.MaxValue, 0];
        double bound = 100;
        for (int run = 0; run < 6 && (best[0] >= bound || best[1] >= 200); run++)
        {
            double[] measured = await page.EvaluateAsync<double[]>("""
                async () => {
                  const rows = document.getElementById("rows");
                  let blocked = 0;
                  const observer = new PerformanceObserver(list => list.getEntries().forEach(entry => { blocked = Math.max(blocked, entry.duration); }));
                  observer.observe({ type: "longtask" });
                  const record = { time: new Date().toISOString(), tenant: "many", method: "GET", scheme: "https", host: "h", port: 443, path: "/new", decision: "sent", durationMs: 1 };
                  const tenth = times => times.sort((a, b) => a - b)[Math.floor(times.length * .9)];
                  const idle = [];
                  let last = await new Promise(requestAnimationFrame);
                  for (let index = 0; index < 50; index++) {
                    const now = await new Promise(requestAnimationFrame);
                    idle.push(now - last);
                    last = now;
                  }

                  blocked = 0;
                  const frames = [];
                  last = await new Promise(requestAnimationFrame);
                  for (let top = 0; top < 10000 * 26; top += 2600) {
                    rows.scrollTop = top;
                    table.add(Array.from({ length: 25 }, () => record));
                    const now = await new Promise(requestAnimationFrame);
                    frames.push(now - last);
                    last = now;
                  }
                  await new Promise(resolve => setTimeout(resolve));
                  observer.disconnect();
                  return [tenth(frames), blocked, frames.length, tenth(idle)];
                }
                """);
            TestContext.Out.WriteLine($"90 % of {measured[2]} frames came within {measured[0]:0.0} ms, idle ones within {measured[3]:0.0} ms; the longest task took {measured[1]:0} ms.");
            bound = Math.Max(bound, 2 * measured[3]);
            best = [Math.Min(best[0], measured[0]), Math.Min(best[1], measured[1]), measured[2]];
        }

        int drawn = await page.Locator("#rows .row").CountAsync();

        int count = await page.EvaluateAsync<int>("() => table.count");
        Assert.That(drawn, Is.LessThan(60));
        Assert.That(count, Is.EqualTo(10_000));
        Assert.That(best[2], Is.EqualTo(100));

        // 60 frames a second have 17 ms each; at less than 10 of them anybody sees it stutter.
        Assert.That(best[0], Is.LessThan(bound));
        Assert.That(best[1], Is.LessThan(200));
    }
}
