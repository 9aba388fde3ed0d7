using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests;

[CancelAfter(60_000)]
internal sealed class DecompressionTests
{
    [Test]
    public async Task Response_CompressedAndNothingSaid_PassesAsItIs()
    {
        await using Origin origin = await StartAsync(Encoding.UTF8.GetBytes("hello"));
        byte[]? body = null;
        string? encoding = null;
        await using Platform platform = Platform.Create(origin, async (_, context, token) =>
        {
            using HttpResponseMessage response = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token);
            body = await response.Content.ReadAsByteArrayAsync(token);
            encoding = response.Content.Headers.ContentEncoding.Single();
            return new HttpResponseMessage();
        });

        await platform.GetStringAsync();

        Assert.That(encoding, Is.EqualTo("gzip"));
        Assert.That(body![..2], Is.EqualTo(new byte[] { 0x1f, 0x8b }));
    }

    [Test]
    public async Task Response_TurnedOn_TenantAndWorkerGetItUnpacked()
    {
        await using Origin origin = await StartAsync(Encoding.UTF8.GetBytes("hello"));
        await using Platform platform = Platform.Create(
            origin,
            async (_, context, token) => new HttpResponseMessage { Content = new StringContent(await context.Http.GetStringAsync("https://api.example.com/", token)) },
            static builder => builder.ConfigureConnections(static options => options.AutomaticDecompression = DecompressionMethods.All));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("hello"));
    }

    [Test]
    public async Task Response_ThatUnpacksToMoreThanMayBeRead_EndsAtTheLimit()
    {
        await using Origin origin = await StartAsync(new byte[64 << 20]);
        long read = 0;
        Exception? told = null;
        await using Platform platform = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                using HttpResponseMessage response = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token);
                Stream stream = await response.Content.ReadAsStreamAsync(token);
                byte[] buffer = new byte[16 * 1024];
                try
                {
                    for (int count; (count = await stream.ReadAsync(buffer, token)) > 0; read += count)
                    {
                    }
                }
                catch (DispatchLimitException exception)
                {
                    told = exception;
                }

                return new HttpResponseMessage();
            },
            static builder => builder
                .ConfigureConnections(static options => options.AutomaticDecompression = DecompressionMethods.All)
                .Configure(static options => options.Limits.ResponseBytes = 1 << 20));

        await platform.GetStringAsync();

        Assert.That(told, Is.InstanceOf<DispatchLimitException>());
        Assert.That(read, Is.LessThanOrEqualTo(1 << 20));
    }

    [Test]
    public void Configuration_OfIt_IsReadAndChecked()
    {
        Assert.That(Read("GZip, Brotli").AutomaticDecompression, Is.EqualTo(DecompressionMethods.GZip | DecompressionMethods.Brotli));
        Assert.That(Read("zip").ConfigurationProblems.Single(), Does.Contain("'zip'").And.Contain("GZip"));
        Assert.That(Read("64").Validate(), Has.Some.Contains(nameof(EgressOptions.AutomaticDecompression)));

        static EgressOptions Read(string value)
        {
            IConfiguration configuration = new ConfigurationBuilder()
                .AddInMemoryCollection(new Dictionary<string, string?> { ["egress:AutomaticDecompression"] = value })
                .Build();
            EgressOptions options = new();
            new EgressConfigurationReader(options).Read(configuration.GetSection("egress"));
            return options;
        }
    }

    private static async Task<Origin> StartAsync(byte[] body)
    {
        using MemoryStream packed = new();
        await using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(body);
        }

        byte[] answer = packed.ToArray();
        return await Origin.StartAsync(http =>
        {
            http.Response.Headers.ContentEncoding = "gzip";
            http.Response.ContentLength = answer.Length;
            return http.Response.Body.WriteAsync(answer).AsTask();
        });
    }
}
