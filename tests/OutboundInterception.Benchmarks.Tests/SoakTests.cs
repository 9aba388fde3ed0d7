namespace OutboundInterception.Benchmarks.Tests;

/// <summary>In a process of its own: it measures what is alive in all of it, and a test host keeps what it likes.</summary>
[Category("Soak")]
[CancelAfter(300_000)]
public sealed class SoakTests
{
    [Test]
    public async Task Dispatches_AHundredThousand_KeepNothing()
    {
        // It ends with another code than 0, which throws here, when memory has grown by 2 % or more.
        string output = await ChildProcess.RunSelfAsync(["soak", "--dispatches", "100000"]);

        Assert.That(output, Does.StartWith("100,000 dispatches"));
    }
}
