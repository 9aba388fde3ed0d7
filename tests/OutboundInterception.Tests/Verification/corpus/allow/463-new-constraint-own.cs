// EXPECT: allow | category: benign
// new of a type parameter with types of one's own
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Collections.Generic;
namespace Allow.N463;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new Pool<Item>().Rent().Id; _ = Make<List<int>>().Count; Func<Item> f = Make<Item>; _ = f();
        return new HttpResponseMessage();
    }
    private static T Make<T>() where T : new() => new T();
}
internal sealed class Item { public int Id { get; set; } } internal class Pool<T> where T : class, new() { private readonly Stack<T> _free = new(); public T Rent() => _free.TryPop(out T? item) ? item : new T(); }
