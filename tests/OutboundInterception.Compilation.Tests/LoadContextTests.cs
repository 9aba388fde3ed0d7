using System.Reflection;

namespace OutboundInterception.Compilation.Tests;

/// <summary>What a tenant's references lead to at run time, whatever the verifier let pass.</summary>
public class LoadContextTests
{
    private readonly TenantLoadContext _context = new("test", new Dictionary<string, Assembly> { ["OutboundInterception.Compilation.Tests"] = typeof(LoadContextTests).Assembly });

    [TearDown]
    public void Unload() => _context.Unload();

    // The host's own, the library's insides, what the framework has and tenants may not use, and what nobody has.
    // System.Private.CoreLib the runtime binds itself; the verifier refuses the reference.
    [TestCase("OutboundInterception")]
    [TestCase("OutboundInterception.Compilation")]
    [TestCase("Microsoft.CodeAnalysis")]
    [TestCase("Microsoft.Extensions.DependencyInjection")]
    [TestCase("Microsoft.Extensions.Http")]
    [TestCase("System.Net.Sockets")]
    [TestCase("System.Reflection.Emit")]
    [TestCase("System.Diagnostics.Process")]
    [TestCase("System.Private.Uri")]
    [TestCase("nunit.framework")]
    [TestCase("Nobodys")]
    public void Load_NotOpenToTenants_Refused(string name) =>
        Assert.That(() => _context.LoadFromAssemblyName(new AssemblyName(name)), Throws.TypeOf<FileNotFoundException>());

    [Test]
    public void Load_TheContracts_AreTheHostsOwn() =>
        Assert.That(_context.LoadFromAssemblyName(new AssemblyName("OutboundInterception.Abstractions")), Is.SameAs(typeof(ITenantHandler).Assembly));

    // A name with another version or key leads to the same assembly: there is one.
    [TestCase("System.Net.Http")]
    [TestCase("System.Net.Http, Version=1.0.0.0, PublicKeyToken=0123456789abcdef")]
    public void Load_AllowedFramework_IsTheHostsOwn(string name) =>
        Assert.That(_context.LoadFromAssemblyName(new AssemblyName(name)), Is.SameAs(typeof(HttpClient).Assembly));

    [Test]
    public void Load_OwnLibrary_IsServed() =>
        Assert.That(_context.LoadFromAssemblyName(typeof(LoadContextTests).Assembly.GetName()), Is.SameAs(typeof(LoadContextTests).Assembly));

    [Test]
    public void LibraryLoadContext_GivesTheFrameworkAndNothingOfTheHosts()
    {
        LibraryLoadContext libraries = new("libraries");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(libraries.LoadFromAssemblyName(new AssemblyName("System.Net.Sockets")).GetName().Name, Is.EqualTo("System.Net.Sockets"));
            Assert.That(() => libraries.LoadFromAssemblyName(new AssemblyName("OutboundInterception")), Throws.TypeOf<FileNotFoundException>());
            Assert.That(() => libraries.LoadFromAssemblyName(new AssemblyName("Microsoft.Extensions.Http")), Throws.TypeOf<FileNotFoundException>());
        }

        libraries.Unload();
    }
}
