using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace OutboundInterception.Tests.Diagnostics;

[CancelAfter(60_000)]
public class ObserverTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task SubrequestCompleted_OneOfThreeThrows_TheRequestAndTheOthersAreAsWithoutIt(bool isBlocked)
    {
        SubrequestRing before = new();
        SubrequestRing after = new();
        FakeLogCollector lines = FakeLogCollector.Create(new FakeLogCollectorOptions());
        string? told = null;
        await using Origin origin = await Origin.StartAsync(static http => Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(http.Response, "answer"));
        await using Platform platform = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                try
                {
                    told = await context.Http.GetStringAsync("https://api.example.com/", token);
                }
                catch (HttpRequestException exception)
                {
                    told = exception.GetType().Name;
                }

                return new HttpResponseMessage();
            },
            builder =>
            {
                builder.AddOutboundObserver(before).AddOutboundObserver(new Throwing()).AddOutboundObserver(after);
                if (isBlocked)
                {
                    builder.DenyAllOutbound();
                }
            },
            services => services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(lines))));

        using HttpResponseMessage response = await platform.FetchAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.IsSuccessStatusCode, Is.True);
            Assert.That(told, Is.EqualTo(isBlocked ? nameof(OutboundBlockedException) : "answer"));
            Assert.That(before.Snapshot(), Has.Count.EqualTo(1));
            Assert.That(after.Snapshot(), Is.EqualTo(before.Snapshot()));
            FakeLogRecord failed = lines.GetSnapshot().Single(static line => line.Id.Id == 4);
            Assert.That((failed.Level, failed.Exception?.Message), Is.EqualTo((LogLevel.Error, "observer")));
            Assert.That(failed.Message, Does.Contain(nameof(Throwing)));
        }
    }

    private sealed class Throwing : IOutboundObserver
    {
        public void SubrequestCompleted(SubrequestRecord record) => throw new InvalidOperationException("observer");
    }
}
