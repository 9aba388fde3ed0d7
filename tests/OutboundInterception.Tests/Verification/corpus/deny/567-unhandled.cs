// EXPECT: deny | category: process-state
// ExceptionHandling.SetUnhandledExceptionHandler
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N567;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); System.Runtime.ExceptionServices.ExceptionHandling.SetUnhandledExceptionHandler(_ => true);
        return new HttpResponseMessage();
    }
}

