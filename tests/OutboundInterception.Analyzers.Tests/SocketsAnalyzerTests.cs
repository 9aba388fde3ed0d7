namespace OutboundInterception.Analyzers.Tests;

public sealed class SocketsAnalyzerTests
{
    // The contracts by full name: whichever declaration the tenant compiles against.
    private const string Contracts = """
        namespace OutboundInterception
        {
            public class TenantContext { public object Sockets => this; public object Http => this; }
            public sealed class OutboundTenantAssemblyAttribute : System.Attribute { public bool HasOutboundWorkers { get; set; } }
        }
        class Tenant { object M(OutboundInterception.TenantContext context) => context.Sockets; object N(OutboundInterception.TenantContext context) => context.Http; }
        """;

    [Test]
    public async Task MarkedAssembly_Error() => Assert.That(await Ids("[assembly: OutboundInterception.OutboundTenantAssembly(HasOutboundWorkers = true)]"), Is.EqualTo([SocketsAnalyzer.Id]));

    [Test]
    public async Task MarkedByProperty_Error() => Assert.That(await Ids("", ("OutboundTenantHasOutboundWorkers", "true")), Is.EqualTo([SocketsAnalyzer.Id]));

    [Test]
    public async Task NotMarked_Allowed() => Assert.That(await Ids("[assembly: OutboundInterception.OutboundTenantAssembly]"), Is.Empty);

    private static async Task<IEnumerable<string>> Ids(string mark, params (string, string)[] properties) =>
        (await Compiled.AnalyzeAsync(Compiled.CompileBare(false, Compiled.Parse(mark + Contracts, "a.cs")), properties)).Ids();
}
