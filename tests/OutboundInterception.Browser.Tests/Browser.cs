using Microsoft.Playwright;

namespace OutboundInterception.Browser.Tests;

/// <summary>The system's Chromium, once for all tests.</summary>
[SetUpFixture]
internal sealed class Browser
{
    private static IPlaywright? s_playwright;
    private static IBrowser? s_browser;

    // Of the test that runs: there is one at a time.
    private static readonly List<IBrowserContext> s_contexts = [];

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(60_000);
        s_playwright = await Playwright.CreateAsync();
        s_browser = await s_playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("OUTBOUND_CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
            Timeout = 120_000,
        });
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await s_browser!.DisposeAsync();
        s_playwright!.Dispose();
    }

    /// <summary>Closes what the test has opened.</summary>
    public static async Task CloseAsync()
    {
        foreach (IBrowserContext context in s_contexts)
        {
            await context.CloseAsync();
        }

        s_contexts.Clear();
    }

    /// <summary>A page with nothing of another's, that gives a slow machine time.</summary>
    public static async Task<IPage> OpenAsync(string url, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        IPage page = await NewPageAsync(width, height, scheme);
        await page.GotoAsync(url);
        await Assertions.Expect(page.Locator("#connection")).ToHaveTextAsync("Live");
        return page;
    }

    /// <summary>A page with nothing of another's, that shows nothing yet.</summary>
    public static async Task<IPage> NewPageAsync(int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        IBrowserContext context = await s_browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
        });
        s_contexts.Add(context);
        context.SetDefaultTimeout(60_000);
        IPage page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                TestContext.Out.WriteLine($"Console: {message.Text}");
            }
        };
        return page;
    }
}
