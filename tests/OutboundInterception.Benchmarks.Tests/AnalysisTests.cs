namespace OutboundInterception.Benchmarks.Tests;

/// <summary>In a process of its own, because it counts the processor time of all of it.</summary>
[CancelAfter(300_000)]
public sealed class AnalysisTests
{
    [Test]
    public async Task Analysis_FewClasses_PrintsShareAndTimePerMegabyte()
    {
        string output = await ChildProcess.RunSelfAsync(["analysis", "--classes", "3"]);

        Assert.That(output, Does.Contain("share of both").And.Contain("each MB of IL"));
    }
}
