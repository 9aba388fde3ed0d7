namespace OutboundInterception.Benchmarks;

/// <summary>The same calls on whatever client, from the outside or within a dispatch.</summary>
internal static class SubrequestLoop
{
    // A dispatch is allowed 1,000 subrequests; its own cost, which is another row's, is spread over these.
    public const int Operations = 500;

    private static readonly Uri s_uri = new("https://api.example.com/orders");

    /// <summary>A tenant that does nothing else.</summary>
    public static readonly TenantDelegate Tenant = static async (_, context, _) =>
    {
        await RunAsync(context.Http);
        return new HttpResponseMessage();
    };

    public static async Task RunAsync(HttpClient client)
    {
        for (int operation = 0; operation < Operations; operation++)
        {
            using HttpResponseMessage response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, s_uri), HttpCompletionOption.ResponseHeadersRead);
        }
    }
}
