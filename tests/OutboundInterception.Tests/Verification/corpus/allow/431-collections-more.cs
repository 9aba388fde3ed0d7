// EXPECT: allow | category: benign
// sorted, linked, priority, bit, observable, own IEnumerable, comparers
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Collections.Generic; using System.Collections.Immutable; using System.Collections.Frozen;
namespace Allow.N431;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var s = new SortedDictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 }; var l = new LinkedList<int>([1, 2]); var h = new HashSet<Id>(new Cmp()); h.Add(new Id(1)); foreach (var kv in s) _ = kv.Value; var oc = new System.Collections.ObjectModel.ObservableCollection<int>(); oc.CollectionChanged += (_, e) => _ = e.NewItems; var ks = new Kc(); ks.Add(new Id(2)); _ = ks.Contains(2) || l.Count > 1; var od = new OrderedDictionary<string, int>(); var im = ImmutableDictionary<string, int>.Empty.Add("a", 1).SetItem("b", 2).ToBuilder(); var fd = new Dictionary<string, int>().ToFrozenDictionary(); foreach (int x in new Own()) _ = x; var arr = new int[2, 3]; arr[1, 2] = 4; _ = arr[0, 0] + arr.GetLength(1); Array.Sort([3, 1], static (a, b) => b - a); Array.Resize(ref _a, 5); _ = new List<int>().AsReadOnly(); _ = CollectionExtensions.GetValueOrDefault(s, "a");
        return new HttpResponseMessage();
    }
    private int[] _a = [];
}
internal readonly record struct Id(int V); internal sealed class Cmp : IEqualityComparer<Id>, IComparer<Id> { public bool Equals(Id a, Id b) => a.V == b.V; public int GetHashCode(Id o) => o.V; public int Compare(Id a, Id b) => a.V.CompareTo(b.V); } internal sealed class Kc : System.Collections.ObjectModel.KeyedCollection<int, Id> { protected override int GetKeyForItem(Id i) => i.V; } internal sealed class Own : IEnumerable<int> { public IEnumerator<int> GetEnumerator() { yield return 1; } System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator(); }
