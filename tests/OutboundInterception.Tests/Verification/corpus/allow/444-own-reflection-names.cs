// EXPECT: allow | category: benign
// own types and members named like banned ones
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N444;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var a = new Assembly(); a.Load("x"); _ = new MethodInfo().Invoke(); _ = File.ReadAllText("x"); _ = Environment2.Exit();
        return new HttpResponseMessage();
    }
}
internal sealed class Assembly { public void Load(string s) { } } internal sealed class MethodInfo { public int Invoke() => 1; } internal static class File { public static string ReadAllText(string p) => p; } internal static class Environment2 { public static int Exit() => 0; }
