using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests;

/// <summary>Waits for what other threads bring about, however long those take: the test's own limit ends it.</summary>
internal static class Eventually
{
    /// <param name="isSo">What is waited for.</param>
    /// <param name="cancellationToken">The test's.</param>
    /// <param name="time">Goes on by a second each time, if given.</param>
    public static async Task BeAsync(Func<bool> isSo, CancellationToken cancellationToken, FakeTimeProvider? time = null)
    {
        while (!isSo())
        {
            cancellationToken.ThrowIfCancellationRequested();
            time?.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
