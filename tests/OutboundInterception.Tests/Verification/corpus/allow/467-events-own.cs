// EXPECT: allow | category: benign
// events, delegates and operators of one's own
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N467;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var bus = new Bus(); bus.Raised += (_, e) => _ = e.Text; bus.Raise(); Money a = new(1), b = 2; _ = a + b > a;
        return new HttpResponseMessage();
    }
}
internal sealed class Note(string text) : EventArgs { public string Text => text; } internal sealed class Bus { public event EventHandler<Note>? Raised; public void Raise() => Raised?.Invoke(this, new("a")); } internal readonly record struct Money(decimal Value) { public static Money operator +(Money x, Money y) => new(x.Value + y.Value); public static bool operator >(Money x, Money y) => x.Value > y.Value; public static bool operator <(Money x, Money y) => x.Value < y.Value; public static implicit operator Money(int v) => new(v); }
