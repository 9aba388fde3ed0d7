// EXPECT: allow | category: benign
// record classes and structs, with, deconstruct, inheritance
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N412;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var p = new P(1, "a") { Z = 3 }; var q = p with { X = 2 }; var (x, y) = q; _ = p == q; _ = p.ToString() + p.GetHashCode() + new S(1, 2); _ = new C(1, "b", 2.0);
        return new HttpResponseMessage();
    }
}
internal record P(int X, string Y) { public required int Z { get; init; } = 1; } internal sealed record C : P { [System.Diagnostics.CodeAnalysis.SetsRequiredMembers] public C(int x, string y, double d) : base(x, y) { D = d; Z = 1; } public double D { get; } } internal readonly record struct S(int A, int B);
