// EXPECT: deny | category: escape
// self-declared IgnoresAccessChecksToAttribute
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
[assembly: System.Runtime.CompilerServices.IgnoresAccessChecksTo("System.Net.Http")]
namespace Deny.N527
{
    public sealed class Tenant : ITenantHandler { public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct) => Task.FromResult(new HttpResponseMessage()); }
}
namespace System.Runtime.CompilerServices { [AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)] internal sealed class IgnoresAccessChecksToAttribute(string n) : Attribute { public string N => n; } }
