using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace OutboundInterception.Tests.Verification;

/// <summary>What no C# source leads to: files written by hand.</summary>
internal sealed class TenantAssemblyVerifierIlTests
{
    private readonly IlAssembly _assembly = new();

    [Test]
    public void Verify_EmptyMethod_IsAllowed()
    {
        Assert.That(TenantAssemblyVerifier.Verify(_assembly.Build()).Violations, Is.Empty);
    }

    [TestCase("jmp", new byte[] { 0x27, 1, 0, 0, 6 })]
    [TestCase("arglist", new byte[] { 0xfe, 0x00, 0x26, 0x2a })]
    [TestCase("cpblk", new byte[] { 0x14, 0x14, 0x16, 0xfe, 0x17, 0x2a })]
    [TestCase("initblk", new byte[] { 0x14, 0x16, 0x16, 0xfe, 0x18, 0x2a })]
    [TestCase("localloc", new byte[] { 0x16, 0xfe, 0x0f, 0x26, 0x2a })]
    public void Verify_ForbiddenInstruction_IsReportedAtItsOffset(string name, byte[] code)
    {
        VerificationViolation violation = Single(_assembly.Build(code));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(violation.Rule, Is.EqualTo(VerificationRule.Instruction));
            Assert.That(violation.Target, Is.EqualTo(name));
            Assert.That(violation.Member, Is.EqualTo("Tenant::Go"));
            Assert.That(violation.Offset, Is.Not.Null);
        }
    }

    [TestCase("cpobj", new byte[] { 0x14, 0x14, 0x70 }, true)]
    [TestCase("mkrefany", new byte[] { 0x14, 0xc6 }, true)]
    [TestCase("refanyval", new byte[] { 0x14, 0xc2 }, true)]
    [TestCase("refanytype", new byte[] { 0x14, 0xfe, 0x1d }, false)]
    public void Verify_TypedReferenceOrCopy_IsRefused(string name, byte[] code, bool takesType)
    {
        byte[] body = [.. code, .. takesType ? IlAssembly.Token(_assembly.Object) : [], 0x2a];
        Assert.That(Single(_assembly.Build(body)).Target, Is.EqualTo(name));
    }

    // no., which switches checks off, one that does not exist, and one that is cut off.
    [TestCase(new byte[] { 0xfe, 0x19, 0x07, 0x2a })]
    [TestCase(new byte[] { 0xfe, 0x7f, 0x2a })]
    [TestCase(new byte[] { 0x24, 0x2a })]
    [TestCase(new byte[] { 0x20, 0x01 })]
    public void Verify_InstructionThatIsNone_IsMalformed(byte[] code) =>
        Assert.That(Single(_assembly.Build(code)).Rule, Is.EqualTo(VerificationRule.Malformed));

    // ldc 16, conv.u, localloc, and then no span over it: kept as a number, or thrown away.
    [TestCase(new byte[] { 0x1f, 16, 0xe0, 0xfe, 0x0f, 0x0a, 0x2a })]
    [TestCase(new byte[] { 0x1f, 16, 0xe0, 0xfe, 0x0f, 0x26, 0x2a })]
    public void Verify_LocallocWithoutASpan_IsRefused(byte[] code) =>
        Assert.That(Single(_assembly.Build(code, [7, 1, 0x18])).Target, Is.EqualTo("localloc"));

    [Test]
    public void Verify_FunctionPointerLocal_IsRefused() =>
        Assert.That(Single(_assembly.Build(locals: [7, 1, 0x1b, 0, 0, 1])).Rule, Is.EqualTo(VerificationRule.Pointers));

    [Test]
    public void Verify_Calli_IsRefused()
    {
        StandaloneSignatureHandle signature = _assembly.Metadata.AddStandaloneSignature(_assembly.Blob(0, 0, 1));
        Assert.That(Single(_assembly.Build([0x16, 0x29, .. IlAssembly.Token(signature), 0x2a])).Target, Is.EqualTo("calli"));
    }

    // ldc.i8 hides "jmp" in its constant; the branch leads there.
    [Test]
    public void Verify_BranchIntoInstruction_IsMalformed()
    {
        byte[] code = [0x2b, 0x01, 0x21, 0x27, 1, 0, 0, 6, 0, 0, 0, 0x26, 0x2a];
        Assert.That(Single(_assembly.Build(code)).Rule, Is.EqualTo(VerificationRule.Malformed));
    }

    [Test]
    public void Verify_DelegateOfAnAddress_IsRefused()
    {
        MemberReferenceHandle constructor = _assembly.Member(_assembly.Type("System", "Action"), ".ctor", 0x20, 2, 1, 0x1c, 0x18);
        byte[] code = [0x14, 0x20, 0, 0x10, 0, 0, 0xd3, 0x73, .. IlAssembly.Token(constructor), 0x26, 0x2a];
        Assert.That(Single(_assembly.Build(code)).Rule, Is.EqualTo(VerificationRule.CompilerShape));
    }

    // The runtime looks a member up in base classes too: a derived type must not be a way to a denied one.
    [Test]
    public void Verify_DeniedMemberNamedByDerivedType_IsRefused()
    {
        MemberReferenceHandle invoke = _assembly.Member(_assembly.Type("System", "Action"), "DynamicInvoke", 0x20, 1, 0x1c, 0x1d, 0x1c);
        byte[] code = [0x14, 0x14, 0x6f, .. IlAssembly.Token(invoke), 0x26, 0x2a];
        Assert.That(Single(_assembly.Build(code)).Rule, Is.EqualTo(VerificationRule.Member));
    }

    [Test]
    public void Verify_TypeOfSameNameInAnotherAssembly_IsRefused()
    {
        TypeReferenceHandle type = _assembly.Metadata.AddTypeReference(
            _assembly.Assembly("System.Linq"), _assembly.Metadata.GetOrAddString("System"), _assembly.Metadata.GetOrAddString("String"));
        byte[] code = [0x14, 0x75, .. IlAssembly.Token(type), 0x26, 0x2a];
        Assert.That(Single(_assembly.Build(code)).Rule, Is.EqualTo(VerificationRule.Type));
    }

    [Test]
    public void Verify_UnusedReferences_AreCheckedToo()
    {
        _assembly.Type("System.Reflection", "Assembly");
        _assembly.Member(_assembly.Type("System", "Environment"), "Exit", 0, 1, 1, 8);

        Assert.That(
            TenantAssemblyVerifier.Verify(_assembly.Build()).Violations.Select(violation => violation.Target),
            Is.EquivalentTo(new[] { "System.Reflection.Assembly", "System.Environment::Exit" }));
    }

    [Test]
    public void Verify_AssemblyAndModuleReferencesAndForwarders_AreRefused()
    {
        _assembly.Assembly("System.Net.Sockets");
        _assembly.Metadata.AddModuleReference(_assembly.Metadata.GetOrAddString("libc"));
        _assembly.Metadata.AddExportedType(TypeAttributes.Public, default, _assembly.Metadata.GetOrAddString("X"), _assembly.Assembly("System.Linq"), 0);

        Assert.That(
            TenantAssemblyVerifier.Verify(_assembly.Build()).Violations.Select(violation => violation.Target),
            Is.EquivalentTo(new[] { "System.Net.Sockets", "module reference", "type forwarder" }));
    }

    [TestCase("OutboundInterception")]
    [TestCase("OutboundInterception.Tests")]
    [TestCase("System.Runtime")]
    public void Verify_NameOfThePlatform_IsRefused(string name)
    {
        Assert.That(Single(new IlAssembly(name).Build()).Rule, Is.EqualTo(VerificationRule.Reference));
    }

    // 100,000 arrays of arrays: a decoder that recurses overflows the stack, which ends the process.
    [Test]
    public void Verify_DeeplyNestedSignature_IsMalformed()
    {
        byte[] locals = [7, 1, .. Enumerable.Repeat((byte)0x1d, 100_000), 8];
        Assert.That(Single(_assembly.Build(locals: locals)).Rule, Is.EqualTo(VerificationRule.Malformed));
    }

    [Test]
    public void Verify_PointerAndPinnedLocals_AreRefused()
    {
        Assert.That(
            TenantAssemblyVerifier.Verify(_assembly.Build(locals: [7, 2, 0x0f, 8, 0x45, 0x10, 8])).Violations.Select(violation => violation.Rule),
            Is.All.EqualTo(VerificationRule.Pointers).And.Exactly(2).Items);
    }

    // 20,000 signatures that all are one blob of 60 KiB: more work than any compiler's file of that size.
    [Test, CancelAfter(120_000)]
    public void Verify_ManyRowsOverOneLargeBlob_EndsInTime()
    {
        byte[] large = [0, 0xc0, 0, 0xea, 0x60, 1, .. Enumerable.Repeat((byte)8, 60_000)];
        TypeReferenceHandle type = _assembly.Type("System", "Math");
        for (int i = 0; i < 20_000; i++)
        {
            _assembly.Metadata.AddMemberReference(type, _assembly.Metadata.GetOrAddString("M"), _assembly.Blob(large));
        }

        Assert.That(TenantAssemblyVerifier.Verify(_assembly.Build()).Violations[^1].Rule, Is.EqualTo(VerificationRule.Malformed));
    }

    [Test]
    public void Verify_CycleOfNestedTypes_IsMalformed()
    {
        MetadataBuilder metadata = _assembly.Metadata;
        TypeReferenceHandle first = MetadataTokens.TypeReferenceHandle(metadata.GetRowCount(TableIndex.TypeRef) + 1);
        metadata.AddTypeReference(MetadataTokens.TypeReferenceHandle(MetadataTokens.GetRowNumber(first) + 1), default, metadata.GetOrAddString("A"));
        metadata.AddTypeReference(first, default, metadata.GetOrAddString("B"));
        Assert.That(Single(_assembly.Build()).Rule, Is.EqualTo(VerificationRule.Malformed));
    }

    private static VerificationViolation Single(byte[] assembly)
    {
        IReadOnlyList<VerificationViolation> violations = TenantAssemblyVerifier.Verify(assembly).Violations;
        Assert.That(violations, Has.Count.EqualTo(1), string.Join('\n', violations));
        return violations[0];
    }
}
