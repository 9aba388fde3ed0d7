using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using NJsonSchema;

namespace OutboundInterception.Tests;

public sealed class PolicyConfigurationReaderTests
{
    [Test]
    public void AddConfiguration_ExampleOfTheSchema_SaysWhatItShows()
    {
        using JsonDocument schema = Schema();
        string example = schema.RootElement.GetProperty("examples")[0].GetRawText();

        OutboundPolicy policy = PolicyFixture.Policy(builder => builder.AddConfiguration(Json(example)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(policy.Ask("https://api.example.com/", "other").RuleId, Is.EqualTo("allow-1"));
            Assert.That(policy.Ask("https://m.stripe.com/").RuleId, Is.EqualTo("allow-2"));
            Assert.That(policy.Ask("https://search.example.com:8443/v1/q", method: "HEAD", header: "X-Api-Key").RuleId, Is.EqualTo("search-read-only"));
            Assert.That(policy.Ask("https://search.example.com/v1/q").RuleId, Is.EqualTo(PolicyDecision.DefaultDenyRule));
            Assert.That(policy.Ask("https://a.internal/").RuleId, Is.EqualTo("deny-1"));
            Assert.That(policy.Ask("http://api.example.com/").RuleId, Is.EqualTo("deny-2"));
            Assert.That(policy.Ask("https://hooks.shop.example/").RuleId, Is.EqualTo("shop/allow-1"));
            Assert.That(policy.Ask("https://api.example.com/").RuleId, Is.EqualTo("shop/deny-1"));
            Assert.That(policy.Ask("https://nobody.test/", "newcomer").WouldBlock, Is.True);
            Assert.That(policy.Ask("https://nobody.test/", "other").Mode, Is.EqualTo(PolicyMode.Enforce));
        }
    }

    [Test]
    public void Schema_Keys_AreThoseOfTheReader()
    {
        using JsonDocument schema = Schema();
        JsonElement root = schema.RootElement;
        JsonElement definitions = root.GetProperty("definitions");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Keys(root), Is.EquivalentTo(PolicyConfigurationReader.PolicyKeys));
            Assert.That(Keys(definitions.GetProperty("tenant")), Is.EquivalentTo(PolicyConfigurationReader.TenantKeys));
            Assert.That(Keys(definitions.GetProperty("rule")), Is.EquivalentTo(PolicyConfigurationReader.RuleKeys));
            Assert.That(
                definitions.GetProperty("mode").GetProperty("enum").EnumerateArray().Select(value => value.GetString()),
                Is.EquivalentTo(Enum.GetNames<PolicyMode>()));
        }

        static IEnumerable<string> Keys(JsonElement element) => element.GetProperty("properties").EnumerateObject().Select(property => property.Name);
    }

    [Test]
    public void Schema_Example_UsesEveryKeyAndNoOther()
    {
        using JsonDocument schema = Schema();
        JsonElement example = schema.RootElement.GetProperty("examples")[0];
        IEnumerable<string> rules = example.GetProperty("Allow").EnumerateArray().Concat(example.GetProperty("Deny").EnumerateArray())
            .Where(rule => rule.ValueKind == JsonValueKind.Object)
            .SelectMany(rule => rule.EnumerateObject().Select(property => property.Name));
        IEnumerable<string> tenants = example.GetProperty("Tenants").EnumerateObject()
            .SelectMany(tenant => tenant.Value.EnumerateObject().Select(property => property.Name));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(example.EnumerateObject().Select(property => property.Name), Is.EquivalentTo(PolicyConfigurationReader.PolicyKeys));
            Assert.That(tenants.Distinct(), Is.EquivalentTo(PolicyConfigurationReader.TenantKeys));
            Assert.That(rules.Distinct(), Is.EquivalentTo(PolicyConfigurationReader.RuleKeys));
        }
    }

    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return new("""{ "Allowed": [ "a.test" ] }""", "'Policy:Allowed' is not known; what may stand there is Mode, Allow, Deny, Tenants.");
        yield return new("""{ "Deny": [ { "Host": "a.test" } ] }""", "'Policy:Deny:0:Host' is not known");
        yield return new("""{ "Tenants": { "shop": { "Tenants": {} } } }""", "'Policy:Tenants:shop:Tenants' is not known");
        yield return new("""{ "Tenants": { "shop": "Open" } }""", "'Policy:Tenants:shop' is 'Open'; write an object");
        yield return new("""{ "Tenants": "shop" }""", "'Policy:Tenants' is 'shop'; write an object");
        yield return new("""{ "Mode": "Off" }""", "'Policy:Mode' is 'Off'; write Enforce, Report or Open.");
        yield return new("""{ "Mode": "1" }""", "'Policy:Mode' is '1'");
        yield return new("""{ "Allow": "a.test" }""", "write a list, [ \"a.test\" ]");
        yield return new("""{ "Allow": [] }""", "would allow everything");
        yield return new("""{ "Allow": { "Hosts": [ "a.test" ] } }""", "'Policy:Allow:Hosts' stands in a place for a list");
        yield return new("""{ "Deny": [ {} ] }""", "has no condition");
        yield return new("""{ "Deny": [ "" ] }""", "has no condition");
        yield return new("""{ "Deny": [ { "Hosts": [] } ] }""", "is empty");
        yield return new("""{ "Deny": [ { "Hosts": "a.test" } ] }""", "write a list");
        yield return new("""{ "Deny": [ { "Hosts": [ { "a": "b" } ] } ] }""", "write a plain value");
        yield return new("""{ "Deny": [ { "Ports": [ "https" ] } ] }""", "no number");
        yield return new("""{ "Deny": [ { "Ports": [ 70000 ] } ] }""", "out of range");
        yield return new("""{ "Deny": [ "https://a.test/" ] }""", "more than a host");
        yield return new("""{ "Deny": [ { "Id": "", "Hosts": [ "a.test" ] } ] }""", "id is empty");
    }

    [TestCaseSource(nameof(Mistakes))]
    public void AddConfiguration_Mistake_IsRefusedNamingThePlace(string policy, string problem)
    {
        IConfigurationSection section = Json($$"""{ "Policy": {{policy}} }""").GetSection("Policy");

        Assert.That(
            () => PolicyFixture.Policy(builder => builder.AddConfiguration(section)),
            Throws.TypeOf<PolicyValidationException>().With.Message.Contains(problem));
    }

    [TestCaseSource(nameof(Mistakes))]
    public async Task Schema_Mistake_IsRefusedByAValidatorToo(string policy, string problem)
    {
        JsonSchema schema = await JsonSchema.FromFileAsync(SchemaFile());

        Assert.That(schema.Validate(policy), Is.Not.Empty, problem);
    }

    [TestCase("""{ "Mode": "Open" }""")]
    [TestCase("""{ "Allow": [ "**" ], "Deny": [] }""")]
    [TestCase("""{ "Allow": [ "*.example.com", "203.0.113.7", "bücher.example" ], "Tenants": { "shop": { "Mode": "Report", "Allow": [ { "Ports": [ 1, 65535 ] } ] } } }""")]
    [TestCase("""{ "Deny": [ { "PathPrefixes": [ "/" ], "Methods": [ "PURGE" ], "Schemes": [ "tcp", "ws", "wss" ] } ] }""")]
    public async Task Schema_PolicyThatIsRead_IsTakenByAValidator(string policy)
    {
        JsonSchema schema = await JsonSchema.FromFileAsync(SchemaFile());

        Assert.That(schema.Validate(policy), Is.Empty);
        Assert.That(() => PolicyFixture.Policy(builder => builder.AddConfiguration(Json(policy))), Throws.Nothing);
    }

    [Test]
    public async Task Schema_Example_IsTakenByAValidator()
    {
        JsonSchema schema = await JsonSchema.FromFileAsync(SchemaFile());
        using JsonDocument document = Schema();

        Assert.That(schema.Validate(document.RootElement.GetProperty("examples")[0].GetRawText()), Is.Empty);
    }

    [Test]
    public void AddConfiguration_NoSuchSection_IsRefusedAndNotTakenForNoRules()
        => Assert.That(
            () => PolicyFixture.Policy(builder => builder.AddConfiguration(Json("{}").GetSection("Polcy"))),
            Throws.TypeOf<PolicyValidationException>().With.Message.Contains("no section 'Polcy'"));

    [Test]
    public void AddConfiguration_KeysInAnyCase_AreRead()
    {
        OutboundPolicy policy = PolicyFixture.Policy(builder => builder.AddConfiguration(Json("""{ "deny": [ { "HOSTS": [ "a.test" ] } ], "mode": "report" }""")));

        Assert.That(policy.Ask("https://a.test/").WouldBlock, Is.True);
    }

    private static IConfigurationRoot Json(string json)
        => new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

    private static JsonDocument Schema() => JsonDocument.Parse(File.ReadAllText(SchemaFile()));

    private static string SchemaFile([CallerFilePath] string here = "")
        => Path.GetFullPath(Path.Combine(here, "../../../../src/OutboundInterception/ConfigurationSchema.json"));
}
