using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.AspNetCore.Tests;

public class DispatchHandlerTests
{
    // YARP lends pooled buffers to the content that it finds in a response, and a thread of the tenant's may be about to set one.
    [Test]
    public async Task SendAsync_ResponseHasNoContent_IsNotTheTenantsOwn()
    {
        using HttpResponseMessage tenants = new(HttpStatusCode.NoContent) { Headers = { { "X-Shop", "open" } } };
        ServiceCollection services = new();
        services.AddDispatchNamespace("test").AddTenant("shop", (_, _, _) => Task.FromResult(tenants));
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpMessageInvoker invoker = new(new DispatchHandler(
            provider.GetRequiredService<DispatchNamespace>().Get("shop"), new DefaultHttpContext(), new Uri("https://shop.apps.example.com/")));
        using HttpRequestMessage request = new(HttpMethod.Get, "http://localhost/");
        using HttpResponseMessage response = await invoker.SendAsync(request, CancellationToken.None);

        Assert.That(response, Is.Not.SameAs(tenants));
        Assert.That((response.StatusCode, response.Headers.GetValues("X-Shop").Single(), response.RequestMessage), Is.EqualTo((HttpStatusCode.NoContent, "open", request)));
    }
}
