namespace OutboundInterception.Tests;

internal sealed class EgressOptionsTests
{
    [Test]
    public void Validate_Defaults_AreFine()
    {
        Assert.That(new EgressOptions().Validate(), Is.Empty);
    }

    [Test]
    public void Validate_EverythingWrong_NamesEachOption()
    {
        EgressOptions options = new()
        {
            ResolveAsync = null!,
            ResolutionLifetime = TimeSpan.FromTicks(-1),
            ConnectTimeout = TimeSpan.Zero,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            PooledConnectionIdleTimeout = TimeSpan.FromHours(2),
            MaxConnectionsPerServer = 0,
            MaxResponseHeadersLength = 1025,
            Routes = { ["*"] = "http://127.0.0.1:5081" },
        };

        string all = string.Join('\n', options.Validate());

        using (Assert.EnterMultipleScope())
        {
            foreach (string name in new[]
            {
                nameof(options.ResolveAsync), nameof(options.ResolutionLifetime), nameof(options.ConnectTimeout),
                nameof(options.PooledConnectionLifetime), nameof(options.PooledConnectionIdleTimeout),
                nameof(options.MaxConnectionsPerServer), nameof(options.MaxResponseHeadersLength), "route of '*'",
            })
            {
                Assert.That(all, Does.Contain(name));
            }
        }
    }
}
