using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.AspNetCore.Tests;

[CancelAfter(60_000)]
public class DispatchProblemTests
{
    private static IEnumerable<TestCaseData> Failures()
    {
        yield return new TestCaseData(new HttpRequestException("secret"), 502).SetArgDisplayNames("HttpRequest");
        yield return new TestCaseData(new TaskCanceledException("secret", new TimeoutException()), 504).SetArgDisplayNames("Timeout");
        yield return new TestCaseData(new TaskCanceledException("secret"), 500).SetArgDisplayNames("Cancelled");
        yield return new TestCaseData(new InvalidOperationException("secret"), 500).SetArgDisplayNames("Other");
        yield return new TestCaseData(new ObjectDisposedException("secret"), 500).SetArgDisplayNames("Disposed");
    }

    [TestCaseSource(nameof(Failures))]
    public async Task Response_TenantThrows_StatusSaysWhichAndTheMessageIsKept(Exception exception, int expected)
    {
        await using TenantServer server = await TenantServer.StartAsync((_, _, _) => Task.FromException<HttpResponseMessage>(exception));
        using HttpResponseMessage response = await server.GetAsync("/");
        await ExpectProblemAsync(response, expected);
    }

    [Test]
    public async Task Response_DeadlinePasses_504()
    {
        FakeTimeProvider time = new();
        TaskCompletionSource started = new();
        await using TenantServer server = await TenantServer.StartAsync(
            (_, _, _) =>
            {
                started.SetResult();
                return new TaskCompletionSource<HttpResponseMessage>().Task;
            },
            options: (_, _) => ValueTask.FromResult(new DispatchOptions { Limits = new() { Deadline = TimeSpan.FromSeconds(5) } }),
            services: services => services.AddSingleton<TimeProvider>(time));
        Task<HttpResponseMessage> request = server.GetAsync("/");
        await started.Task;

        time.Advance(TimeSpan.FromSeconds(6));

        using HttpResponseMessage response = await request;
        await ExpectProblemAsync(response, 504);
    }

    [Test]
    public async Task Response_NamespaceStops_503()
    {
        await using TenantServer server = await TenantServer.StartAsync((_, _, _) => Task.FromResult(new HttpResponseMessage()));
        await server.Namespace.DisposeAsync();
        using HttpResponseMessage response = await server.GetAsync("/");
        await ExpectProblemAsync(response, 503);
    }

    [Test]
    public async Task Response_ConfigureOrResolverThrows_500()
    {
        TenantDelegate tenant = (_, _, _) => Task.FromResult(new HttpResponseMessage());
        await using TenantServer configured = await TenantServer.StartAsync(tenant, options: (_, _) => throw new InvalidOperationException("secret"));
        await using TenantServer resolved = await TenantServer.StartAsync(tenant, resolver: TenantResolver.Create(_ => throw new InvalidOperationException("secret")));
        using HttpResponseMessage first = await configured.GetAsync("/");
        using HttpResponseMessage second = await resolved.GetAsync("/");
        await ExpectProblemAsync(first, 500);
        await ExpectProblemAsync(second, 500);
    }

    [Test]
    public async Task Response_TenantSwitchesProtocols_500BecauseAnHttpDispatchHasNoDuplexStream()
    {
        await using TenantServer server = await TenantServer.StartAsync(
            (_, _, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.SwitchingProtocols) { Content = new StringContent("x") }));
        using HttpRequestMessage request = new(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        await ExpectProblemAsync(response, 500);
    }

    [Test]
    public async Task Response_InDevelopment_TellsTheMessage()
    {
        await using TenantServer server = await TenantServer.StartAsync(
            (_, _, _) => throw new InvalidOperationException("secret"), environment: "Development");
        using HttpResponseMessage response = await server.GetAsync("/");
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("secret"));
    }

    [Test]
    public async Task Response_ProblemDetailsServiceIsRegistered_ItIsAsked()
    {
        await using TenantServer server = await TenantServer.StartAsync(
            (_, _, _) => throw new InvalidOperationException("secret"),
            services: services => services.AddProblemDetails(options => options.CustomizeProblemDetails = context => context.ProblemDetails.Extensions["help"] = "desk"));
        using HttpResponseMessage response = await server.GetAsync("/");
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("desk").And.Not.Contain("secret"));
    }

    private static async Task ExpectProblemAsync(HttpResponseMessage response, int status)
    {
        string body = await response.Content.ReadAsStringAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(status), body);
            Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(body, Does.Not.Contain("secret"));
            Assert.That(JsonDocument.Parse(body).RootElement.GetProperty("status").GetInt32(), Is.EqualTo(status));
        }
    }
}
