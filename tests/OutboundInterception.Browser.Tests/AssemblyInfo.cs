// One browser, and a machine that may be small: page after page.
[assembly: NonParallelizable]
[assembly: Category("Browser")]
[assembly: OutboundInterception.Browser.Tests.ClosesPages]
