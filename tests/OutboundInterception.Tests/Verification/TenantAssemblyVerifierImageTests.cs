using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace OutboundInterception.Tests.Verification;

/// <summary>What lies around the code: headers, streams, tables, flags. Each check has its file here.</summary>
internal sealed class TenantAssemblyVerifierImageTests
{
    private const string Deleting = "public static class A { public static void Go() => System.IO.File.Delete(\"a\"); }";

    private readonly IlAssembly _assembly = new();

    // The header of ECMA-335 II.25.3.3: flags at 16, entry point at 20, then directories of 8 bytes.
    [TestCase(16, 0u, "CorFlags")]
    [TestCase(16, 3u, null)]
    [TestCase(16, 0x11u, "CorFlags")]
    [TestCase(20, 0x06000001u, "entry point")]
    [TestCase(40, 0x2000u, "code manager table")]
    [TestCase(48, 0x2000u, "vtable fixups")]
    [TestCase(56, 0x2000u, "export jumps")]
    [TestCase(64, 0x2000u, "ReadyToRun header")]
    public void Verify_CorHeader_IsChecked(int offset, uint value, string? target)
    {
        byte[] image = _assembly.Build();
        using var reader = new PEReader(new MemoryStream(image));
        BitConverter.TryWriteBytes(image.AsSpan(reader.PEHeaders.CorHeaderStartOffset + offset), value);

        Assert.That(Targets(image), Is.EqualTo(target is null ? Array.Empty<string>() : [target]));
    }

    // The directories of the PE header: 8 bytes each from 96 on.
    [TestCase(0, "export table")]
    [TestCase(3, "exception table")]
    [TestCase(9, "thread-local storage")]
    [TestCase(11, "bound imports")]
    [TestCase(13, "delay imports")]
    public void Verify_NativeDirectory_IsRefused(int index, string target)
    {
        byte[] image = _assembly.Build();
        using var reader = new PEReader(new MemoryStream(image));
        int start = reader.PEHeaders.PEHeaderStartOffset + (reader.PEHeaders.PEHeader!.Magic == PEMagic.PE32 ? 96 : 112) + (index * 8);
        BitConverter.TryWriteBytes(image.AsSpan(start), 0x2000u);

        Assert.That(Targets(image), Is.EqualTo(new[] { target }));
    }

    // Tables that are not sorted or optimised, streams that nobody knows, one stream twice.
    [TestCase("#~", "#-")]
    [TestCase("#GUID", "#GUIX")]
    [TestCase("#US", "#~\0")]
    public void Verify_MetadataStream_IsRefused(string name, string replacement)
    {
        byte[] image = _assembly.Build();
        int at = image.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(name + "\0"));
        System.Text.Encoding.ASCII.GetBytes(replacement).CopyTo(image, at);

        Assert.That(TenantAssemblyVerifier.Verify(image).Violations.Select(violation => violation.Rule), Has.Some.EqualTo(VerificationRule.Image).Or.Some.EqualTo(VerificationRule.Malformed));
    }

    private static IEnumerable<TestCaseData> Tables =>
    [
        Table("file table", assembly => assembly.Metadata.AddAssemblyFile(assembly.Metadata.GetOrAddString("other.dll"), default, containsMetadata: true)),
        Table("P/Invoke", assembly => assembly.Metadata.AddMethodImport(
            MetadataTokens.MethodDefinitionHandle(1), MethodImportAttributes.None, assembly.Metadata.GetOrAddString("system"), assembly.Metadata.AddModuleReference(assembly.Metadata.GetOrAddString("libc")))),
        Table("declarative security", assembly => assembly.Metadata.AddDeclarativeSecurityAttribute(EntityHandle.AssemblyDefinition, DeclarativeSecurityAction.Demand, assembly.Blob(0x2e, 0))),
        Table("marshalling", assembly => assembly.Metadata.AddMarshallingDescriptor(MetadataTokens.ParameterHandle(1), assembly.Blob(2))),
        Table("explicit layout", assembly => assembly.Metadata.AddFieldLayout(MetadataTokens.FieldDefinitionHandle(1), 0)),
        Table("edit and continue", assembly => assembly.Metadata.AddEncLogEntry(EntityHandle.AssemblyDefinition, EditAndContinueOperation.Default)),
        Table("resource", assembly => assembly.Metadata.AddManifestResource(ManifestResourceAttributes.Public, assembly.Metadata.GetOrAddString("r"), assembly.Assembly("System.Linq"), 0)),
    ];

    [TestCaseSource(nameof(Tables))]
    public void Verify_Table_IsRefused(string target, Action<object> add)
    {
        add(_assembly);

        Assert.That(Targets(_assembly.Build()), Does.Contain(target));
    }

    [TestCase(MethodAttributes.PinvokeImpl, MethodImplAttributes.IL)]
    [TestCase(MethodAttributes.UnmanagedExport, MethodImplAttributes.IL)]
    [TestCase(MethodAttributes.HasSecurity, MethodImplAttributes.IL)]
    [TestCase(MethodAttributes.Public, MethodImplAttributes.Native)]
    [TestCase(MethodAttributes.Public, MethodImplAttributes.OPTIL)]
    [TestCase(MethodAttributes.Public, MethodImplAttributes.Runtime)]
    [TestCase(MethodAttributes.Public, MethodImplAttributes.Unmanaged)]
    [TestCase(MethodAttributes.Public, MethodImplAttributes.InternalCall)]
    [TestCase(MethodAttributes.Public, MethodImplAttributes.PreserveSig)]
    [TestCase(MethodAttributes.Public, MethodImplAttributes.ForwardRef)]
    public void Verify_MethodThatIsNotIl_IsRefused(MethodAttributes attributes, MethodImplAttributes implementation)
    {
        _assembly.Attributes = attributes;
        _assembly.Implementation = implementation;

        Assert.That(TenantAssemblyVerifier.Verify(_assembly.Build()).Violations.Select(violation => violation.Rule), Is.EqualTo(new[] { VerificationRule.NativeCode }));
    }

    [TestCase("public static class A { [System.Runtime.CompilerServices.ModuleInitializer] public static void Go() { } }", VerificationRule.Initializer)]
    [TestCase("public static class A { static readonly string s = Read(); static string Read() => System.IO.File.ReadAllText(\"/etc/passwd\"); }", VerificationRule.Member)]
    [TestCase("public class A { static A() => System.Environment.Exit(1); }", VerificationRule.Member)]
    [TestCase("[System.ComponentModel.TypeConverter(\"System.Net.Sockets.TcpClient, System.Net.Sockets\")] public class A;", null)]
    [TestCase("[System.Diagnostics.DebuggerTypeProxy(\"System.Net.Sockets.TcpClient, System.Net.Sockets\")] public class A;", null)]
    [TestCase("public static class A { [System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Constructor)] extern static System.Text.StringBuilder Make(); }", null)]
    [TestCase("[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit)] public struct A { [System.Runtime.InteropServices.FieldOffset(0)] public object O; [System.Runtime.InteropServices.FieldOffset(0)] public string S; }", VerificationRule.Layout)]
    [TestCase("[assembly: System.Runtime.CompilerServices.TypeForwardedTo(typeof(System.Net.Http.HttpClient))]", VerificationRule.Reference)]
    public void Verify_Source_IsRefused(string source, VerificationRule? rule)
    {
        VerificationResult result = TenantAssemblyVerifier.Verify(TenantCompiler.Compile(source));

        Assert.That(result.Violations.Select(violation => violation.Rule), rule is null ? Is.Not.Empty : Does.Contain(rule));
    }

    [Test]
    public void Verify_EmbeddedSymbols_GivePositions() =>
        Assert.That(
            TenantAssemblyVerifier.Verify(TenantCompiler.Compile(Deleting)).Violations.Select(violation => (violation.File, violation.Line)),
            Has.Some.EqualTo(("Tenant.cs", 1)));

    [Test]
    public void Verify_PortablePdbBesideTheAssembly_GivesPositionsAndChangesNothingElse()
    {
        (byte[] assembly, byte[] symbols) = TenantCompiler.CompileWithSymbols("\n\n" + Deleting);
        VerificationResult bare = TenantAssemblyVerifier.Verify(assembly);
        VerificationResult positioned = TenantAssemblyVerifier.Verify(assembly, new TenantAssemblyVerifierOptions { Symbols = symbols });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(bare.Violations, Is.Not.Empty);
            Assert.That(bare.Violations.Select(violation => violation.File), Is.All.Null);
            Assert.That(positioned.Violations.Select(violation => (violation.File, violation.Line)), Has.Some.EqualTo(("Tenant.cs", 3)));
            Assert.That(positioned.Violations.Select(Identity), Is.EqualTo(bare.Violations.Select(Identity)));
        }
    }

    [Test]
    public void Verify_PdbOfAnotherAssembly_ChangesNothingButPositions()
    {
        byte[] assembly = TenantCompiler.Compile(Deleting);
        (_, byte[] symbols) = TenantCompiler.CompileWithSymbols("public class Other;");

        Assert.That(
            TenantAssemblyVerifier.Verify(assembly, new TenantAssemblyVerifierOptions { Symbols = symbols }).Violations.Select(Identity),
            Is.EqualTo(TenantAssemblyVerifier.Verify(assembly).Violations.Select(Identity)));
    }

    // Megabytes of one body; generous, so that it holds on a busy machine: squared, the work would take hours.
    [Test, CancelAfter(120_000)]
    public void Verify_OneLargeBody_TakesTimeInProportion()
    {
        byte[] code = [.. Enumerable.Repeat<byte>(0, 4_000_000), 0x2a];
        byte[] image = _assembly.Build(code);
        long start = Stopwatch.GetTimestamp();

        VerificationResult result = TenantAssemblyVerifier.Verify(image);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Violations, Is.Empty);
            Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(TimeSpan.FromSeconds(60)));
        }
    }

    private static (VerificationRule, string, string?, int?) Identity(VerificationViolation violation) =>
        (violation.Rule, violation.Target, violation.Member, violation.Offset);

    private static TestCaseData Table(string target, Action<IlAssembly> add) =>
        new TestCaseData(target, (Action<object>)(assembly => add((IlAssembly)assembly))).SetName($"Verify_Table_IsRefused({target})");

    private static IEnumerable<string> Targets(byte[] image) => TenantAssemblyVerifier.Verify(image).Violations.Select(violation => violation.Target);
}
