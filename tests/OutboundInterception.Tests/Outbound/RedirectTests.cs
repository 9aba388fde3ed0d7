using Microsoft.AspNetCore.Http;

namespace OutboundInterception.Tests.Outbound;

[CancelAfter(60_000)]
public class RedirectTests
{
    private static async Task<string> PlayAsync(RequestDelegate handler, HttpRequestMessage request)
    {
        await using Origin origin = await Origin.StartAsync(handler);
        await using Platform platform = Platform.Create(origin, async (_, context, token) =>
        {
            try
            {
                using HttpResponseMessage response = await context.FetchAsync(request, token);
                return new HttpResponseMessage { Content = new StringContent($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(token)}") };
            }
            catch (InvalidSubrequestException exception)
            {
                return new HttpResponseMessage { Content = new StringContent(exception.Problem.ToString()) };
            }
        });
        return await platform.GetStringAsync();
    }

    [TestCase(301, "POST", "GET ")]
    [TestCase(302, "POST", "GET ")]
    [TestCase(303, "POST", "GET ")]
    [TestCase(303, "PUT", "GET ")]
    [TestCase(302, "PUT", "PUT body")]
    [TestCase(307, "POST", "POST body")]
    [TestCase(308, "POST", "POST body")]
    public async Task FetchAsync_Redirected_MethodAndBodyAsTheFetchStandardHasIt(int status, string method, string expected)
    {
        string result = await PlayAsync(
            async http =>
            {
                if (http.Request.Path == "/start")
                {
                    http.Response.StatusCode = status;
                    http.Response.Headers.Location = "/end";
                    return;
                }

                using StreamReader reader = new(http.Request.Body);
                await http.Response.WriteAsync($"{http.Request.Method} {await reader.ReadToEndAsync()}");
            },
            new HttpRequestMessage(new HttpMethod(method), "https://api.example.com/start") { Content = new StringContent("body") });

        Assert.That(result, Is.EqualTo("200 " + expected));
    }

    [TestCase(20, "200 end")]
    [TestCase(21, "Redirect")]
    public async Task FetchAsync_ManyRedirects_TwentyAreFollowed(int redirects, string expected)
    {
        string result = await PlayAsync(
            http =>
            {
                int hop = int.Parse(http.Request.Query["n"].ToString(), System.Globalization.CultureInfo.InvariantCulture);
                if (hop == redirects)
                {
                    return http.Response.WriteAsync("end");
                }

                http.Response.Redirect($"/?n={hop + 1}");
                return Task.CompletedTask;
            },
            new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/?n=0"));

        Assert.That(result, Is.EqualTo(expected));
    }

    [TestCase("http://api.example.com/")]
    [TestCase("ftp://api.example.com/")]
    [TestCase("gopher://api.example.com/")]
    [TestCase("javascript:alert(1)")]
    [TestCase("file:///etc/passwd")]
    public async Task FetchAsync_RedirectedToAnotherScheme_NotFollowed(string location) =>
        Assert.That(
            await PlayAsync(
                http =>
                {
                    http.Response.StatusCode = 302;
                    http.Response.Headers.Location = location;
                    return Task.CompletedTask;
                },
                new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/")),
            Is.EqualTo("Redirect"));

    [TestCase(RedirectMode.Manual, "302 ")]
    [TestCase(RedirectMode.Error, "Redirect")]
    public async Task FetchAsync_RequestSaysHow_ItIsDone(RedirectMode mode, string expected)
    {
        HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/");
        request.Options.Set(SubrequestOptions.RedirectMode, mode);
        Assert.That(
            await PlayAsync(
                http =>
                {
                    http.Response.Redirect("/next");
                    return Task.CompletedTask;
                },
                request),
            Is.EqualTo(expected));
    }
}
