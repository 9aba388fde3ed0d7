using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;

namespace OutboundInterception.Tests.Parity;

/// <summary>The recordings' outbound worker: notes what it sees, and does what the mode says.</summary>
internal sealed class ParityWorker(string mode, IReadOnlyCollection<string> parameters, ParityEvents events) : IOutboundWorker
{
    private readonly TaskCompletionSource _isHanging = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<JsonObject> Seen { get; } = new();

    public Task IsHanging => _isHanging.Task;

    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken)
    {
        // The original's signal speaks to a worker until its own answer has been read; the origin's passes the worker by. Ours
        // lasts as long as the subrequest, so that a body which is cut off later cancels it in both cases.
        bool isPassedBy = false;
        cancellationToken.UnsafeRegister(
            _ =>
            {
                if (!Volatile.Read(ref isPassedBy))
                {
                    events.Add("outbound request.signal aborted: AbortError: The client has disconnected");
                }
            },
            null);
        HttpResponseMessage response = await PlayAsync(request, context, cancellationToken);
        Volatile.Write(ref isPassedBy, response.RequestMessage is not null);
        return response;
    }

    private async Task<HttpResponseMessage> PlayAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken)
    {
        JsonObject values = [];
        foreach (string parameter in parameters)
        {
            values[parameter] = ((JsonNode?)context.Get(parameter))?.DeepClone();
        }

        JsonObject seen = new()
        {
            ["method"] = request.Method.Method,
            ["url"] = request.RequestUri!.AbsoluteUri,
            ["headers"] = HeadersOf(request),
            ["bodyIsNull"] = request.Content is null,
            ["params"] = values,
        };
        Seen.Enqueue(seen);
        if (mode is "readbody" or "consume")
        {
            seen["body"] = request.Content is null ? "" : Encoding.UTF8.GetString(await request.Content.ReadAsByteArrayAsync(cancellationToken));
        }

        switch (mode)
        {
            case "block403":
                return new HttpResponseMessage(HttpStatusCode.Forbidden)
                {
                    Headers = { { "x-policy", "deny" } },
                    Content = Text("blocked by policy"),
                };
            case "throwType":
                throw new ArgumentException("policy type error");
            case "throwCustom":
                throw new UnauthorizedAccessException("custom policy error");
            case "throwString":
                throw new InvalidOperationException("just a string");
            case "hang":
                _isHanging.TrySetResult();
                return await new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(cancellationToken);
            case "hangNever":
                return await new TaskCompletionSource<HttpResponseMessage>().Task;
            case "virtual":
                return Virtual(request, values["table"]!.AsObject());
            case "virtualLoc":
                return Odd(request);
            case "loop":
                int step = int.Parse(HttpUtility.ParseQueryString(request.RequestUri.Query)["n"]!, System.Globalization.CultureInfo.InvariantCulture);
                return step >= (int)values["max"]!
                    ? new HttpResponseMessage { Content = Text($"done after {step}") }
                    : new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri($"/?n={step + 1}", UriKind.Relative) } };
            case "follow":
                HttpResponseMessage response = await context.SendAsync(request, cancellationToken);
                while (response.Headers.Location is { } location)
                {
                    response.Dispose();
                    response = await context.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(request.RequestUri, location)), cancellationToken);
                }

                return response;
            case "rewrite":
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer injected-for-{values["customer"]}");
                break;
            case "waitUntil":
                context.WaitUntil(async _ =>
                {
                    await Task.Yield();
                    events.Add("outbound waitUntil finished");
                });
                break;
            case "mutate":
                request.Headers.TryAddWithoutValidation("x-mutated", "1");
                break;
            case "double":
                using (HttpResponseMessage first = await context.SendAsync(request, cancellationToken))
                {
                    seen["first"] = (int)first.StatusCode;
                }

                break;
            case "ws101NoUpgrade":
                return new HttpResponseMessage(HttpStatusCode.SwitchingProtocols);
        }

        return await context.SendAsync(request, cancellationToken);
    }

    private static JsonArray HeadersOf(HttpRequestMessage request)
    {
        // Asking computes it; it is not among the headers before.
        _ = request.Content?.Headers.ContentLength;
        var all = request.Content is null ? request.Headers.NonValidated : request.Headers.NonValidated.Concat(request.Content.Headers.NonValidated);
        return new JsonArray([.. all.Select(static header => new JsonArray(header.Key, header.Value.ToString()))]);
    }

    private static HttpResponseMessage Virtual(HttpRequestMessage request, JsonObject table)
    {
        if (table[request.RequestUri!.AbsoluteUri] is JsonObject row)
        {
            HttpResponseMessage redirect = new((HttpStatusCode)(int)row["status"]!);
            redirect.Headers.TryAddWithoutValidation("Location", (string)row["headers"]!["location"]!);
            return redirect;
        }

        return Json(new JsonObject
        {
            ["virtual"] = request.RequestUri.GetLeftPart(UriPartial.Path),
            ["method"] = request.Method.Method,
            ["headers"] = HeadersOf(request),
            ["body"] = null,
        });
    }

    private static HttpResponseMessage Odd(HttpRequestMessage request)
    {
        if (request.RequestUri!.AbsolutePath != "/dir/go" || !request.RequestUri.Query.StartsWith("?l=", StringComparison.Ordinal))
        {
            return Json(new JsonObject { ["arrived"] = request.RequestUri.AbsoluteUri, ["method"] = request.Method.Method });
        }

        HttpResponseMessage redirect = new(HttpStatusCode.Found);
        if (Uri.UnescapeDataString(request.RequestUri.Query["?l=".Length..]) is { Length: > 0 } location)
        {
            redirect.Headers.TryAddWithoutValidation("Location", location);
        }

        return redirect;
    }

    private static HttpResponseMessage Json(JsonObject json) => new()
    {
        Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json.ToJsonString())) { Headers = { { "Content-Type", "application/json" } } },
    };

    private static ByteArrayContent Text(string text)
    {
        ByteArrayContent content = new(Encoding.UTF8.GetBytes(text));
        content.Headers.TryAddWithoutValidation("Content-Type", "text/plain;charset=UTF-8");
        return content;
    }
}
