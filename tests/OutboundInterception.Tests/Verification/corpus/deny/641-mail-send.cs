// EXPECT: deny | category: escape
// sends mail
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N641;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); using var mail = new System.Net.Mail.MailMessage("a@a.a", "b@b.b"); _ = mail;
        return new HttpResponseMessage();
    }
}
