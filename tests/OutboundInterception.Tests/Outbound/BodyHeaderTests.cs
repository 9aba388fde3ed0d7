using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Outbound;

/// <summary>A header that a tenant gives to its body is a header of the request to whoever receives it.</summary>
[CancelAfter(60_000)]
public class BodyHeaderTests
{
    [Test]
    public async Task FetchAsync_HeaderOnTheBody_WorkersOwnPrevails()
    {
        await using Origin origin = await Origin.StartAsync(http => http.Response.WriteAsync(http.Request.Headers["X-Customer"].ToString()));
        await using Platform platform = Platform.Create(
            origin,
            static async (_, context, token) =>
            {
                using StringContent body = new("x");
                body.Headers.Add("X-Customer", "somebody-else");
                using HttpResponseMessage response = await context.Http.PostAsync("http://api.example.com/", body, token);
                return new HttpResponseMessage { Content = new StringContent(await response.Content.ReadAsStringAsync(token)) };
            },
            builder => builder.AddOutboundWorker(_ => new DelegateWorker((request, context, token) =>
            {
                request.Headers.Remove("X-Customer");
                request.Headers.Add("X-Customer", context.Tenant);
                return context.SendAsync(request, token);
            })));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("tenant"));
    }

    [Test]
    public async Task FetchAsync_KeyOnTheBody_NotSentToAnotherOrigin()
    {
        await using Origin origin = await Origin.StartAsync(http =>
        {
            if (http.Request.Host.Host == "api.example.com")
            {
                http.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                http.Response.Headers.Location = "http://other.example.com/";
                return Task.CompletedTask;
            }

            return http.Response.WriteAsync($"{http.Request.Headers["X-Api-Key"]}|{http.Request.ContentType}");
        });
        await using Platform platform = Platform.Create(
            origin,
            static async (_, context, token) =>
            {
                using StringContent body = new("x");
                body.Headers.Add("X-Api-Key", "for api.example.com");
                using HttpResponseMessage response = await context.Http.PostAsync("http://api.example.com/", body, token);
                return new HttpResponseMessage { Content = new StringContent(await response.Content.ReadAsStringAsync(token)) };
            });

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("|text/plain; charset=utf-8"));
    }
}
