// EXPECT: allow | category: benign
// own attributes with typeof, caller info, obsolete, conditional, validation attributes
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N435;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); L(); _ = new M { Name = "x" };
        return new HttpResponseMessage();
    }
    private static void L([System.Runtime.CompilerServices.CallerMemberName] string? n = null, [System.Runtime.CompilerServices.CallerLineNumber] int l = 0) { }
}
[AttributeUsage(AttributeTargets.All, AllowMultiple = true)] internal sealed class TagAttribute(params object[] v) : Attribute { public object[] V => v; public Type? T { get; set; } } [Tag(1, "a", typeof(string), DayOfWeek.Monday, new[] { 1, 2 }, T = typeof(System.Collections.Generic.Dictionary<string, int[]>))] internal sealed class M { [System.ComponentModel.DataAnnotations.Required, System.ComponentModel.DataAnnotations.StringLength(5), System.ComponentModel.DefaultValue("x")] public string Name { get; set; } = ""; [Obsolete("x"), System.Diagnostics.DebuggerBrowsable(System.Diagnostics.DebuggerBrowsableState.Never)] public int Old { get; set; } [System.Diagnostics.Conditional("X"), System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)] public void C() { } [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(Name))] public void N() => Name = ""; }
