namespace OutboundInterception.Tests.Verification;

internal sealed class TenantAssemblyVerifierTests
{
    private const string Dialling = """
        public static class Shop
        {
            public static object Dial() =>
                new System.Net.Sockets.TcpClient("127.0.0.1", 9);
        }
        """;

    [Test]
    public void Verify_DeniedMember_NamesMemberOffsetSourceAndReason()
    {
        VerificationViolation violation = TenantAssemblyVerifier.Verify(TenantCompiler.Compile(Dialling)).Violations.First(found => found.Rule == VerificationRule.Member);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(violation.Member, Is.EqualTo("Shop::Dial"));
            Assert.That(violation.Target, Is.EqualTo("System.Net.Sockets.TcpClient::.ctor"));
            Assert.That(violation.Offset, Is.GreaterThan(0));
            Assert.That(violation.File, Is.EqualTo("Tenant.cs"));
            Assert.That(violation.Line, Is.EqualTo(4));
            Assert.That(violation.Reason, Does.Contain("not on the list"));
            Assert.That(violation.ToString(), Does.StartWith("Tenant.cs(4): Shop::Dial IL_000"));
        }
    }

    [Test]
    public void Verify_ContractsOfThisLibrary_MayBeUsed()
    {
        byte[] assembly = TenantCompiler.Compile("""
            using System; using System.Net.Http; using System.Net.WebSockets; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
            public sealed class Shop : ITenantHandler
            {
                public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
                {
                    using var client = new HttpClient(context.CreateHandler(RedirectMode.Manual), false);
                    context.WaitUntil(token => client.GetAsync("https://api.example", token));
                    using WebSocket socket = await context.ConnectWebSocketAsync(new Uri("wss://a.example"), new WebSocketConnectOptions(), cancellationToken);
                    await socket.SendAsync(new byte[1], WebSocketMessageType.Text, true, cancellationToken);
                    try { return await context.FetchAsync(request, cancellationToken); }
                    catch (OutboundBlockedException e) { _ = e.Host; }
                    catch (DispatchLimitException) { }
                    return await context.Dispatch("other").FetchAsync(request, cancellationToken);
                }
            }
            """);

        Assert.That(TenantAssemblyVerifier.Verify(assembly).Violations, Is.Empty);
    }

    [Test]
    public void Verify_AllowedAssembly_MayBeUsedAsListed()
    {
        // An assembly of the framework that the policy does not list stands for a third party's.
        byte[] assembly = TenantCompiler.Compile("""
            public static class Shop
            {
                public static void Good(System.Net.NetworkInformation.PingOptions options) => _ = options.Ttl;
                public static void Bad(System.Net.NetworkInformation.PingOptions options) => _ = options.DontFragment;
            }
            """);
        var options = new TenantAssemblyVerifierOptions();
        options.AllowedAssemblies.Add(new AllowedAssembly("System.Net.Ping", "P:System.Net.NetworkInformation.PingOptions.Ttl"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(TenantAssemblyVerifier.Verify(assembly).Violations.Select(found => found.Target), Does.Contain("System.Net.Ping"));
            Assert.That(
                TenantAssemblyVerifier.Verify(assembly, options).Violations.Select(found => (found.Member, found.Target)),
                Is.EqualTo(new[] { ("Shop::Bad", "System.Net.NetworkInformation.PingOptions::get_DontFragment") }));
        }
    }

    [TestCase("System.Runtime", "T:System.IO.File")]
    public void Verify_AllowedAssemblyOfThePolicy_Throws(string name, string member)
    {
        var options = new TenantAssemblyVerifierOptions();
        options.AllowedAssemblies.Add(new AllowedAssembly(name, member));

        Assert.Throws<ArgumentException>(() => TenantAssemblyVerifier.Verify(new byte[1], options));
    }

    [TestCase("System.IO.File")]
    [TestCase("M:NoType")]
    [TestCase("M:A.B.C(System.Int32)")]
    public void AllowedAssembly_MemberThatCannotBeRead_Throws(string member)
    {
        Assert.Throws<ArgumentException>(() => _ = new AllowedAssembly("Contoso", member));
    }

    [Test]
    public void Verify_MoreViolationsThanWanted_IsTruncated()
    {
        VerificationResult result = TenantAssemblyVerifier.Verify(TenantCompiler.Compile(Dialling), new TenantAssemblyVerifierOptions { MaxViolations = 1 });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.IsTruncated);
            Assert.That(result.IsAllowed, Is.False);
            Assert.That(result.Violations, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public void Verify_LargerThanWanted_IsMalformed()
    {
        Assert.That(
            TenantAssemblyVerifier.Verify(new byte[10], new TenantAssemblyVerifierOptions { MaxBytes = 9 }).Violations.Single().Rule,
            Is.EqualTo(VerificationRule.Malformed));
    }

    [Test]
    public void Verify_UnreadableSymbols_GivesNoPositions()
    {
        byte[] assembly = TenantCompiler.Compile(Dialling);
        VerificationResult result = TenantAssemblyVerifier.Verify(assembly, new TenantAssemblyVerifierOptions { Symbols = new byte[] { 1, 2, 3 } });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Violations, Is.Not.Empty);
            Assert.That(result.Violations.Select(found => found.File), Is.All.Null);
        }
    }

    [Test]
    public void Verify_AllowUnsafeBlocks_IsRefused()
    {
        Assert.That(
            TenantAssemblyVerifier.Verify(TenantCompiler.Compile("public static class Shop { }", allowUnsafe: true)).Violations.Select(found => found.Target),
            Does.Contain("declarative security"));
    }

    [Test]
    public void Verify_PrecompiledFrameworkAssembly_IsRefused()
    {
        byte[] assembly = File.ReadAllBytes(typeof(Enumerable).Assembly.Location);
        Assert.That(TenantAssemblyVerifier.Verify(assembly).Violations.Select(found => found.Rule), Does.Contain(VerificationRule.Image));
    }
}
