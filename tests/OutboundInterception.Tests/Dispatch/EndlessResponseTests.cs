using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests.Dispatch;

/// <summary>A response whose tenant has always more of it ready.</summary>
[CancelAfter(60_000)]
public class EndlessResponseTests
{
    [TestCase(false, TestName = "ReadAsync_DeadlinePassesInAStreamThatNeverWaits_Ends")]
    [TestCase(true, TestName = "ReadAsync_KilledInAStreamThatNeverWaits_Ends")]
    public async Task ReadAsync_OverInAStreamThatNeverWaits_Ends(bool kill)
    {
        FakeTimeProvider time = new();
        await using Platform platform = Platform.Create(
            builder => builder.AddTenant("tenant", (_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new EndlessStream()) })),
            services => services.AddSingleton<TimeProvider>(time));
        using HttpResponseMessage response = await platform.FetchAsync(new DispatchOptions { Limits = new DispatchLimits { Deadline = TimeSpan.FromSeconds(5) } });
        await using Stream body = await response.Content.ReadAsStreamAsync();
        byte[] buffer = new byte[100];
        int before = await body.ReadAsync(buffer);

        if (kill)
        {
            platform.Namespace.Policy.Kill("tenant");
        }
        else
        {
            time.Advance(TimeSpan.FromSeconds(6));
        }

        // It is ended on another thread than the timer's.
        while (platform.Namespace.ActiveDispatches > 0)
        {
            await Task.Yield();
        }

        Assert.That(before, Is.EqualTo(100));
        await Assert.ThrowsAsync<TaskCanceledException>(() => body.ReadAsync(buffer).AsTask());
        Assert.Throws<TaskCanceledException>(() => _ = body.Read(buffer, 0, buffer.Length));
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => count;

        public override int Read(Span<byte> buffer) => buffer.Length;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(buffer.Length);
    }
}
