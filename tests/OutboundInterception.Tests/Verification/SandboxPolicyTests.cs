namespace OutboundInterception.Tests.Verification;

internal sealed class SandboxPolicyTests
{
    private const string List = """
        [A]  # an assembly
        N.Free`1: mention call inherit
          - Bad  # it is bad
          + Bad(System.Int32)
          -- Hidden  # everywhere
          ! Make*: deserialize
        N.Named: mention
          + Good(*,N.Last)
        N.Emitted: compiler: shape  # only so
        N.Derived: mention call
        [B]
        *: mention call
        """;

    private readonly SandboxPolicy _policy = SandboxPolicyReader.Read(new StringReader(List));

    [TestCase("A", "N.Free`1", "Any", "", ExpectedResult = SandboxEffect.Allowed)]
    [TestCase("A", "N.Free`1", "Bad", "", ExpectedResult = SandboxEffect.Denied)]
    [TestCase("A", "N.Free`1", "Bad", "System.Int32", ExpectedResult = SandboxEffect.Allowed)]
    [TestCase("A", "N.Free`1", "Other", "System.Type", ExpectedResult = SandboxEffect.Denied)]
    [TestCase("A", "N.Free`1", "Other", "System.TypeCode", ExpectedResult = SandboxEffect.Allowed)]
    [TestCase("A", "N.Named", "Any", "", ExpectedResult = SandboxEffect.Denied)]
    [TestCase("A", "N.Named", "Good", "N.First,N.Last", ExpectedResult = SandboxEffect.Allowed)]
    [TestCase("A", "N.Named", "Good", "N.Last,N.First", ExpectedResult = SandboxEffect.Denied)]
    [TestCase("A", "N.Derived", "Hidden", "", ExpectedResult = SandboxEffect.Denied)]
    [TestCase("A", "N.Unlisted", "Any", "", ExpectedResult = SandboxEffect.Denied)]
    [TestCase("B", "N.Any", "Any", "", ExpectedResult = SandboxEffect.Allowed)]
    [TestCase("C", "N.Free`1", "Any", "", ExpectedResult = SandboxEffect.Denied)]
    public object CheckMember_List_Decides(string assembly, string type, string member, string parameters) =>
        _policy.CheckMember(assembly, type, member, parameters.Length == 0 ? [] : parameters.Split(',')).Effect;

    [Test]
    public void Check_Relations_Decide()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_policy.Check("A", "N.Free`1", SandboxRelation.Inherit).IsAllowed);
            Assert.That(_policy.Check("A", "N.Named", SandboxRelation.Inherit).IsAllowed, Is.False);
            Assert.That(_policy.Check("A", "N.Named", SandboxRelation.Mention).IsAllowed);
            Assert.That(_policy.Check("A", "N.Emitted", SandboxRelation.Mention).Shape, Is.EqualTo("shape"));
            Assert.That(_policy.CheckMember("A", "N.Free`1", "MakeAll", []).Making, Is.EqualTo(SandboxMaking.Deserialize));
            Assert.That(_policy.CheckMember("A", "N.Free`1", "Bad", []).Reason, Is.EqualTo("it is bad"));
        }
    }

    [TestCase("N.Type: mention")]
    [TestCase("[A]\nN.Type: talk")]
    [TestCase("[A]\nN.Type: mention\n  * Member")]
    [TestCase("[A]\nN.Type: mention\n  ~ Member")]
    [TestCase("[A]\n  + Member")]
    public void Read_Unreadable_Throws(string list)
    {
        Assert.Throws<FormatException>(() => SandboxPolicyReader.Read(new StringReader(list)));
    }

    // An exception is every line about a member, and every type that is left to compilers.
    [Test]
    public void Default_EveryException_HasItsReason()
    {
        using Stream resource = typeof(SandboxPolicy).Assembly.GetManifestResourceStream("SandboxPolicy.txt")!;
        using StreamReader reader = new(resource);
        string[] exceptions = [.. reader.ReadToEnd().ReplaceLineEndings("\n").Split('\n')
            .Where(line => line.StartsWith(' ') || (!line.StartsWith('#') && line.Contains(": compiler:", StringComparison.Ordinal)))];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exceptions, Has.Length.GreaterThan(200));
            Assert.That(exceptions.Where(line => line.IndexOf('#', StringComparison.Ordinal) is var at && (at < 0 || line[(at + 1)..].Trim().Length < 5)), Is.Empty);
        }
    }

    [Test]
    public void Default_IsReadable()
    {
        Assert.That(SandboxPolicy.Default.Check("System.Runtime", "System.String", SandboxRelation.Mention).IsAllowed);
    }
}
