namespace OutboundInterception.Benchmarks.Tests;

/// <summary>Alone in its process while it runs: it measures what is alive in all of it.</summary>
[NonParallelizable]
[Category("Soak")]
[CancelAfter(300_000)]
public sealed class SoakTests
{
    [Test]
    public async Task Dispatches_AHundredThousand_KeepNothing()
    {
        (long first, long last) = await SoakCommand.RunAsync(100_000);

        Assert.That(last - first, Is.LessThan(first / 50), $"{first:N0} bytes after the first tenth, {last:N0} at the end");
    }
}
