// EXPECT: allow | category: benign
// nullable value types, default, generics with constraints
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N413;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); int? a = null; a ??= 3; _ = a.GetValueOrDefault() + (a is { } v ? v : 0); _ = Max(1, 2); _ = Enum.GetValues<DayOfWeek>().Length + (int)Enum.Parse<DayOfWeek>("Monday"); _ = new Box<string>("x").Map(s => s.Length).Value;
        return new HttpResponseMessage();
    }
    private static T Max<T>(T a, T b) where T : IComparable<T> => a.CompareTo(b) > 0 ? a : b;
}
internal sealed class Box<T>(T value) where T : notnull { public T Value => value; public Box<U> Map<U>(Func<T, U> f) where U : notnull => new(f(value)); }
