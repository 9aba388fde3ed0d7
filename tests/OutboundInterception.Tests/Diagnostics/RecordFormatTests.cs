using System.Net;
using System.Text;
using System.Text.Json;
using NJsonSchema;

namespace OutboundInterception.Tests.Diagnostics;

public class RecordFormatTests
{
    private static readonly SubrequestRecord s_full = Records.Make(path: "/a?x=1&y=%26") with
    {
        Hop = 1,
        RuleId = "rule",
        Reason = "reason",
        Mode = PolicyMode.Report,
        WouldBlock = true,
        Worker = "Worker",
        Failure = FailureKind.NameResolution,
        ExceptionType = "HttpRequestException",
        Phases = new SubrequestPhases(
            TimeSpan.FromMilliseconds(0.25), TimeSpan.FromMilliseconds(0.5), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(0.25)),
        Retries = 2,
        Address = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 443),
        ProtocolVersion = HttpVersion.Version20,
        TraceId = "0af7651916cd43dd8448eb211c80319c",
        SpanId = "b7ad6b7169203331",
        RequestHeaders = [new RecordedHeader("Authorization", null), new RecordedHeader("Accept", "text/plain")],
        ResponseHeaders = [new RecordedHeader("Content-Type", "text/html")],
    };

    private static JsonElement Json(SubrequestRecord record)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            record.WriteTo(writer);
        }

        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }

    private static async Task<JsonElement> HarAsync(params SubrequestRecord[] records)
    {
        using MemoryStream stream = new();
        await HarArchive.WriteAsync(stream, records);
        return JsonDocument.Parse(stream.ToArray()).RootElement.GetProperty("log");
    }

    [Test]
    public void WriteTo_FullRecord_HasTheSchemasMembersAndNoOthers()
    {
        string[] known = [.. RecordSchema.Root.GetProperty("properties").EnumerateObject().Select(static property => property.Name)];
        Assert.That(Json(s_full).EnumerateObject().Select(static property => property.Name), Is.EquivalentTo(known));
    }

    [Test]
    public void WriteTo_LeastRecord_HasWhatTheSchemaRequires()
    {
        SubrequestRecord least = Records.Make() with { Status = null };
        string?[] required = [.. RecordSchema.Root.GetProperty("required").EnumerateArray().Select(static name => name.GetString())];
        Assert.That(Json(least).EnumerateObject().Select(static property => property.Name), Is.EquivalentTo(required));
    }

    [Test]
    public async Task Schema_Validator_AcceptsWhatIsWrittenAndRefusesWhatIsNot()
    {
        JsonSchema schema = await JsonSchema.FromJsonAsync(RecordSchema.Root.GetRawText());
        string full = Json(s_full).GetRawText();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(schema.Validate(full), Is.Empty);
            Assert.That(schema.Validate(Json(Records.Make() with { Status = null }).GetRawText()), Is.Empty);
            Assert.That(schema.Validate(full.Replace("\"mode\":\"report\"", "\"mode\":\"rapport\"", StringComparison.Ordinal)), Is.Not.Empty, "unknown mode");
            Assert.That(schema.Validate(full.Replace("\"rule\":\"rule\"", "\"rule\":1", StringComparison.Ordinal)), Is.Not.Empty, "wrong type");
            Assert.That(schema.Validate("{}"), Is.Not.Empty, "nothing of what is required");
        }
    }

    [Test]
    public void Schema_EachMember_IsDescribedAndOfTheKindThatIsWritten()
    {
        JsonElement json = Json(s_full);
        using (Assert.EnterMultipleScope())
        {
            foreach (JsonProperty member in RecordSchema.Root.GetProperty("properties").EnumerateObject())
            {
                Assert.That(member.Value.TryGetProperty("description", out JsonElement description) ? description.GetString() : null, Is.Not.Null.And.Not.Empty, member.Name);
                string? documented = member.Value.TryGetProperty("type", out JsonElement type) ? type.GetString()
                    : member.Value.TryGetProperty("enum", out _) ? "string"
                    : member.Value.TryGetProperty("$ref", out _) ? "array" : "integer";
                string written = json.GetProperty(member.Name).ValueKind switch
                {
                    JsonValueKind.String => "string",
                    JsonValueKind.Array => "array",
                    JsonValueKind.True or JsonValueKind.False => "boolean",
                    _ => json.GetProperty(member.Name).TryGetInt64(out _) ? "integer" : "number",
                };
                Assert.That(written, Is.EqualTo(documented).Or.EqualTo(documented == "number" ? "integer" : documented), member.Name);
            }
        }
    }

    [Test]
    public void Schema_Enumerations_AreTheLibrarys()
    {
        JsonElement properties = RecordSchema.Root.GetProperty("properties");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Values("decision"), Is.EqualTo(Enum.GetValues<SubrequestDecision>().Select(EnumNames<SubrequestDecision>.Of)));
            Assert.That(Values("failure"), Is.EqualTo(Enum.GetValues<FailureKind>().Select(EnumNames<FailureKind>.Of)));
            Assert.That(Values("mode"), Is.EqualTo(Enum.GetValues<PolicyMode>().Select(EnumNames<PolicyMode>.Of)));
            Assert.That(properties.GetProperty("v").GetProperty("const").GetInt32(), Is.EqualTo(SubrequestRecord.SchemaVersion));
        }

        IEnumerable<string?> Values(string name) => properties.GetProperty(name).GetProperty("enum").EnumerateArray().Select(static value => value.GetString());
    }

    [Test]
    public void WriteTo_HostileText_StaysInItsMember()
    {
        JsonElement json = Json(Records.Make(path: "/\"},{\r\n</script>"));
        Assert.That(json.GetProperty("path").GetString(), Is.EqualTo("/\"},{\r\n</script>"));
        Assert.That(Encoding.UTF8.GetBytes(json.GetRawText()), Has.None.EqualTo((byte)'\n').And.None.EqualTo((byte)'<'));
    }

    [Test]
    public async Task HarArchive_FullRecord_HasWhatHarDemandsAndTimingsAddUp()
    {
        JsonElement log = await HarAsync(s_full);
        JsonElement entry = log.GetProperty("entries").EnumerateArray().Single();
        JsonElement request = entry.GetProperty("request");
        JsonElement response = entry.GetProperty("response");
        double sum = entry.GetProperty("timings").EnumerateObject().Select(static timing => timing.Value.GetDouble()).Where(static time => time >= 0).Sum();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(log.GetProperty("version").GetString(), Is.EqualTo("1.2"));
            Assert.That(log.GetProperty("creator").EnumerateObject().Select(static property => property.Name), Is.EquivalentTo(new[] { "name", "version" }));
            Assert.That(sum, Is.EqualTo(entry.GetProperty("time").GetDouble()).Within(0.001));
            Assert.That(
                request.EnumerateObject().Select(static property => property.Name),
                Is.EquivalentTo(new[] { "method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize" }));
            Assert.That(
                response.EnumerateObject().Select(static property => property.Name),
                Is.EquivalentTo(new[] { "status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize" }));
            Assert.That(request.GetProperty("url").GetString(), Is.EqualTo("https://api.example.com/a?x=1&y=%26"));
            Assert.That(request.GetProperty("queryString")[1].GetProperty("value").GetString(), Is.EqualTo("&"));
            Assert.That(request.GetProperty("headers")[0].GetProperty("value").GetString(), Is.EqualTo("(not recorded)"));
            Assert.That(response.GetProperty("content").GetProperty("mimeType").GetString(), Is.EqualTo("text/html"));
            Assert.That(entry.GetProperty("serverIPAddress").GetString(), Is.EqualTo("192.0.2.1"));
            Assert.That(entry.GetProperty("_outbound").GetProperty("rule").GetString(), Is.EqualTo("rule"));
        }
    }

    [Test]
    public async Task HarArchive_BlockedOnesAndOnesWithoutUrl_HaveStatusZeroOrAreLeftOut()
    {
        JsonElement entries = (await HarAsync(
            Records.Make() with { Status = null, Decision = SubrequestDecision.Blocked },
            Records.Make() with { Scheme = string.Empty })).GetProperty("entries");
        Assert.That(entries.GetArrayLength(), Is.EqualTo(1));
        Assert.That(entries[0].GetProperty("response").GetProperty("status").GetInt32(), Is.Zero);
        Assert.That(entries[0].GetProperty("timings").GetProperty("wait").GetDouble(), Is.EqualTo(3));
    }
}
