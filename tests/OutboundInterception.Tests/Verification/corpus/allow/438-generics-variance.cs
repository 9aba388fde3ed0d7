// EXPECT: allow | category: benign
// variance, covariant returns, explicit interfaces, default interface members, nested generics
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Collections.Generic;
namespace Allow.N438;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); IEnumerable<object> o = new List<string>(); Func<object> f = () => "x"; IG<string, int> g = new G(); _ = g.Go("a") + g.Twice("b"); Bas b = new Der(); _ = b.Clone(); _ = new Outer<int>.Inner<object>().Both(1, "x");
        return new HttpResponseMessage();
    }
}
internal interface IG<in T, out R> { R Go(T t); R Twice(T t) => Go(t); } internal sealed class G : IG<string, int> { int IG<string, int>.Go(string t) => t.Length; } internal class Bas { public virtual Bas Clone() => new(); } internal sealed class Der : Bas { public override Der Clone() => new(); } internal sealed class Outer<T> where T : struct { public sealed class Inner<U> where U : class, new() { public (T, U) Both(T t, U u) => (t, u); } public sealed class Inner2<U> { } } internal static class X { public static Outer<int>.Inner<object> Make() => new(); }
