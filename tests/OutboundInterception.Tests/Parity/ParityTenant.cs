using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace OutboundInterception.Tests.Parity;

/// <summary>A recording's tenant code, transcribed: what it returns is JSON, or a response as it is.</summary>
internal delegate Task<object?> ParityScript(ParityTenant tenant);

/// <summary>What a transcribed tenant may use: the counterparts of the functions that the recorded ones had.</summary>
internal sealed class ParityTenant(ParityRun run, HttpRequestMessage incoming, TenantContext context, CancellationToken token)
{
    private readonly HashSet<HttpRequestMessage> _sent = [];

    public ParityRun Run => run;

    public string A => run.A.Url;

    public string B => run.B.Url;

    public string Hit => run.Hit;

    public HttpRequestMessage Incoming => incoming;

    public TenantContext Context => context;

    public CancellationToken Token => token;

    public static HttpRequestMessage Request(string method, string url, HttpContent? body = null, params string[] headers)
    {
        HttpRequestMessage request = new(new HttpMethod(method), url) { Content = body };
        for (int index = 0; index < headers.Length; index += 2)
        {
            if (!request.Headers.TryAddWithoutValidation(headers[index], headers[index + 1]))
            {
                body!.Headers.TryAddWithoutValidation(headers[index], headers[index + 1]);
            }
        }

        return request;
    }

    /// <summary>A body that is a string, with the type that one has in a browser.</summary>
    public static ByteArrayContent Text(string text, string? type = "text/plain;charset=UTF-8")
    {
        ByteArrayContent content = new(Encoding.UTF8.GetBytes(text));
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return content;
    }

    /// <summary>A body that can be read once, of a length that nobody knows.</summary>
    public static StreamContent Stream(params string[] chunks)
    {
        System.IO.Pipelines.Pipe pipe = new();
        _ = WriteAsync();
        return new StreamContent(pipe.Reader.AsStream());

        async Task WriteAsync()
        {
            foreach (string chunk in chunks)
            {
                await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(chunk));
                await Task.Yield();
            }

            await pipe.Writer.CompleteAsync();
        }
    }

    public Task<HttpResponseMessage> GetAsync(string url, params string[] headers) => FetchAsync(Request("GET", url, null, headers));

    /// <summary>Notes a request as the tenant's own, by which a redirected answer is told.</summary>
    public ParityTenant Sent(HttpRequestMessage request)
    {
        _sent.Add(request);
        return this;
    }

    public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, CancellationToken? cancellation = null)
    {
        _sent.Add(request);
        return context.FetchAsync(request, cancellation ?? token);
    }

    /// <summary>Fetches and shows; what it throws is shown too.</summary>
    public Task<JsonObject> TryGetAsync(string url) => AttemptAsync(async () => await ShowAsync(await GetAsync(url)));

    public async Task<object?> ShowGetAsync(string url, params string[] headers) => await ShowAsync(await GetAsync(url, headers));

    public async Task<object?> ShowSendAsync(HttpRequestMessage request) => await ShowAsync(await FetchAsync(request));

    public static async Task<JsonObject> AttemptAsync(Func<Task<JsonNode?>> attempt)
    {
        try
        {
            return new JsonObject { ["ok"] = await attempt() };
        }
        catch (Exception exception)
        {
            return new JsonObject { ["threw"] = exception.GetType().Name };
        }
    }

    public async Task<JsonNode?> ShowAsync(HttpResponseMessage response)
    {
        JsonObject shown = new()
        {
            ["status"] = (int)response.StatusCode,
            ["statusText"] = response.ReasonPhrase,
            ["url"] = response.RequestMessage!.RequestUri!.AbsoluteUri,
            ["redirected"] = !_sent.Contains(response.RequestMessage),
        };
        await ParityRun.DescribeAsync(response, shown, token);
        return shown;
    }

    public static async Task<string> DecodeAsync(HttpContent content, CancellationToken cancellationToken)
    {
        byte[] bytes = await content.ReadAsByteArrayAsync(cancellationToken);
        if (content.Headers.ContentEncoding.Contains("gzip"))
        {
            // The original's runtime unpacks by itself; here that is the tenant's affair, as with any handler.
            using StreamReader reader = new(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress));
            return await reader.ReadToEndAsync(cancellationToken);
        }

        return Encoding.UTF8.GetString(bytes);
    }
}
