using System.Security.Cryptography;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OutboundInterception.Compilation.Tests;

[CancelAfter(120_000)]
public class DeployAssemblyTests
{
    [Test]
    public async Task DeployAsync_Untrusted_RefusedWithItsHash()
    {
        await using DeployPlatform platform = new();
        byte[] image = await CompileAsync("hello");

        DeploymentException exception = (await Assert.ThrowsAsync<DeploymentException>(() => platform.Deployments.DeployAsync("tenant", new TenantAssembly { Image = image })))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.Diagnostics.Single().Rule, Is.EqualTo("not-trusted"));
            Assert.That(exception.Message, Does.Contain($"TrustAssembly(\"{AssemblyTrust.Hash(image)}\")"));
            Assert.That(platform.Namespace.Contains("tenant"), Is.False);
        }
    }

    [Test]
    public async Task DeployAsync_TrustedByHash_TenantAnswersAndHashIsRecorded()
    {
        await using DeployPlatform platform = new();
        byte[] image = await CompileAsync("hello");
        platform.Deployments.Trust.TrustAssembly(AssemblyTrust.Hash(image).ToUpperInvariant());

        TenantVersion version = await platform.Deployments.DeployAsync("tenant", new TenantAssembly { Image = image });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("hello"));
            Assert.That(version.Sha256, Is.EqualTo(AssemblyTrust.Hash(image)));
            Assert.That(version.IsFromSource, Is.False);
        }
    }

    [Test]
    public async Task DeployAsync_OneByteChanged_Refused()
    {
        await using DeployPlatform platform = new();
        byte[] image = await CompileAsync("hello");
        platform.Deployments.Trust.TrustAssembly(AssemblyTrust.Hash(image));
        image[^1] ^= 1;

        await Assert.ThatAsync(() => platform.Deployments.DeployAsync("tenant", new TenantAssembly { Image = image }), Throws.TypeOf<DeploymentException>());
    }

    [Test]
    public async Task DeployAsync_BytesChangedMeanwhile_VerifiedOnesAreRun()
    {
        await using DeployPlatform platform = new();
        byte[] good = await CompileAsync("good");
        byte[] bad = await CompileAsync("evil");
        Assert.That(bad, Has.Length.EqualTo(good.Length), "the test swaps one for the other in place");
        byte[] image = [.. good];
        platform.Deployments.Trust.TrustAssembly(AssemblyTrust.Hash(good));

        Task<TenantVersion> deploying = platform.Deployments.DeployAsync("tenant", new TenantAssembly { Image = image });
        bad.CopyTo(image, 0);
        TenantVersion version = await deploying;

        Assert.That((await platform.GetStringAsync(), version.Sha256), Is.EqualTo(("good", AssemblyTrust.Hash(good))));
    }

    [Test]
    public async Task DeployAsync_Signed_OnlyUnderARegisteredKey()
    {
        await using DeployPlatform platform = new();
        byte[] image = await CompileAsync("hello");
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        TenantAssembly Signed(ECDsa by) =>
            new() { Image = image, Signature = by.SignData(image, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence) };
        string name = platform.Deployments.Trust.TrustKey(key.ExportSubjectPublicKeyInfo());

        using (Assert.EnterMultipleScope())
        {
            await Assert.ThatAsync(() => platform.Deployments.DeployAsync("tenant", Signed(other)), Throws.TypeOf<DeploymentException>());
            await Assert.ThatAsync(
                () => platform.Deployments.DeployAsync("tenant", new TenantAssembly { Image = image, Signature = new byte[70] }), Throws.TypeOf<DeploymentException>());
            Assert.That((await platform.Deployments.DeployAsync("tenant", Signed(key))).Number, Is.EqualTo(1));
            Assert.That(platform.Deployments.Trust.Revoke(name));
            await Assert.ThatAsync(() => platform.Deployments.DeployAsync("tenant", Signed(key)), Throws.TypeOf<DeploymentException>());
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("hello"), "what runs goes on");
        }
    }

    [Test]
    public async Task RollBackAsync_TrustWasRevoked_RefusedAndNothingChanged()
    {
        await using DeployPlatform platform = new();
        byte[] image = await CompileAsync("one");
        platform.Deployments.Trust.TrustAssembly(AssemblyTrust.Hash(image));
        await platform.Deployments.DeployAsync("tenant", new TenantAssembly { Image = image });
        await platform.DeployAsync(DeployPlatform.Saying("two"));
        platform.Deployments.Trust.Revoke(AssemblyTrust.Hash(image));

        await Assert.ThatAsync(() => platform.Deployments.RollBackAsync("tenant"), Throws.TypeOf<DeploymentException>());
        Assert.That(await platform.GetStringAsync(), Is.EqualTo("two"));
    }

    [TestCase("OutboundInterception")]
    [TestCase("OutboundInterception.Tests")]
    [TestCase("OutboundInterception.Abstractions")]
    [TestCase("System.Runtime")]
    [TestCase("system.private.corelib")]
    public async Task DeployAsync_NameOfAnother_Refused(string name)
    {
        await using DeployPlatform platform = new();
        byte[] image = Emit(name, DeployPlatform.Saying("hello"));
        platform.Deployments.Trust.TrustAssembly(AssemblyTrust.Hash(image));

        DeploymentException exception = (await Assert.ThrowsAsync<DeploymentException>(() => platform.Deployments.DeployAsync("tenant", new TenantAssembly { Image = image })))!;

        Assert.That(exception.Diagnostics.Single().Rule, Is.EqualTo("assembly-name"));
    }

    [TestCase(0)]
    [TestCase(3)]
    [TestCase(1000)]
    public async Task DeployAsync_Garbage_Refused(int length)
    {
        await using DeployPlatform platform = new();
        byte[] image = new byte[length];
        new Random(length).NextBytes(image);
        platform.Deployments.Trust.TrustAssembly(AssemblyTrust.Hash(image));

        DeploymentException exception = (await Assert.ThrowsAsync<DeploymentException>(() => platform.Deployments.DeployAsync("tenant", new TenantAssembly { Image = image })))!;

        Assert.That(exception.Diagnostics[0].Rule, Is.EqualTo("not-an-assembly"));
    }

    [Test]
    public async Task DeployAsync_Library_OnlyIfListed()
    {
        await using DeployPlatform platform = new();
        byte[] library = Emit("Greeter", "namespace Lib; public static class Greeter { public static string Greet(string who) => \"hello \" + who; }");
        byte[] image = Emit("Tenant", DeployPlatform.Doing("return new HttpResponseMessage { Content = new StringContent(Lib.Greeter.Greet(\"you\")) };"), library);
        TenantAssembly assembly = new() { Image = image, Libraries = [library] };
        platform.Deployments.Trust.TrustAssembly(AssemblyTrust.Hash(image));

        DeploymentException exception = (await Assert.ThrowsAsync<DeploymentException>(() => platform.Deployments.DeployAsync("tenant", assembly)))!;
        platform.Deployments.Trust.TrustLibrary(AssemblyTrust.Hash(library), "T:Lib.Greeter");
        await platform.Deployments.DeployAsync("tenant", assembly);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.Diagnostics.Single().Rule, Is.EqualTo("library-not-listed"));
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("hello you"));
        }
    }

    [Test]
    public async Task DeployAsync_ReferenceToTheHost_NotResolved()
    {
        await using DeployPlatform platform = new();
        byte[] host = await File.ReadAllBytesAsync(typeof(DeployAssemblyTests).Assembly.Location);
        byte[] image = Emit(
            "Tenant",
            DeployPlatform.Doing("return new HttpResponseMessage { Content = new StringContent(OutboundInterception.Compilation.Tests.HostSecret.Value) };"),
            host);
        platform.Deployments.Trust.TrustAssembly(AssemblyTrust.Hash(image));

        DeploymentException exception = (await Assert.ThrowsAsync<DeploymentException>(() => platform.Deployments.DeployAsync("tenant", new TenantAssembly { Image = image })))!;

        Assert.That(exception.Message, Does.Contain("OutboundInterception.Compilation.Tests"));
    }

    [TestCase("")]
    [TestCase("abc")]
    [TestCase("zz34567890123456789012345678901234567890123456789012345678901234")]
    public void TrustAssembly_NoHash_Refused(string hash)
    {
        AssemblyTrust trust = new();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => trust.TrustAssembly(hash), Throws.ArgumentException);
            Assert.That(() => trust.TrustLibrary(new string('0', 64), "Lib.Greeter"), Throws.ArgumentException);
            Assert.That(() => trust.TrustKey([1, 2, 3]), Throws.InstanceOf<CryptographicException>());
        }
    }

    private static Task<byte[]> CompileAsync(string text) =>
        TenantCompiler.CompileAsync("tenant", TenantSource.FromText(DeployPlatform.Saying(text)), CancellationToken.None);

    // As a tenant's own build would: with whatever name and references it likes.
    private static byte[] Emit(string name, string source, params byte[][] references)
    {
        using MemoryStream image = new();
        const string Usings = "global using System; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";
        CSharpCompilation compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(source), CSharpSyntaxTree.ParseText(Usings)],
            [.. TargetingPack.References, .. references.Select(static reference => MetadataReference.CreateFromImage(reference))],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Assert.That(compilation.Emit(image).Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error), Is.Empty);
        return image.ToArray();
    }
}
