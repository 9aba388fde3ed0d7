// EXPECT: allow | category: benign
// primary constructors, extension members, local functions
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N445;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var s = new Shape(2, "a"); int Twice(int x) => x * 2; _ = Twice(s.Size) + s.Area + "ab".Half();
        return new HttpResponseMessage();
    }
}
internal sealed class Shape(int size, string name) { public int Size => size; public override string ToString() => $"{name}: {size}"; } internal static class Ext { extension(Shape shape) { public int Area => shape.Size * shape.Size; } extension(string text) { public string Half() => text[..(text.Length / 2)]; } }
