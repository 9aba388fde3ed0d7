// EXPECT: allow | category: benign
// a retry with a linked token and a deadline
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N448;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        for (int attempt = 0; attempt < 3; attempt++) { using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct); limit.CancelAfter(TimeSpan.FromSeconds(1)); try { return await context.Http.GetAsync("https://api.example.com", limit.Token); } catch (OperationCanceledException) when (!ct.IsCancellationRequested) { await Task.Delay(TimeSpan.FromMilliseconds(10 * (1 << attempt) + Random.Shared.Next(5)), ct); } catch (HttpRequestException e) when (e.StatusCode is System.Net.HttpStatusCode.ServiceUnavailable) { } }
        return new HttpResponseMessage();
    }
}
