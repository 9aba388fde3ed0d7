using System.Runtime.CompilerServices;
using System.Text.Json;

namespace OutboundInterception.Tests.Diagnostics;

/// <summary>The documented schema of records.</summary>
internal static class RecordSchema
{
    public static JsonElement Root { get; } = Read();

    /// <summary>The names of a record's members, without some.</summary>
    public static string[] Members(params string[] without) =>
        [.. Root.GetProperty("properties").EnumerateObject().Select(static member => member.Name).Except(without)];

    private static JsonElement Read([CallerFilePath] string here = "") =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(here, "../../../../src/OutboundInterception/SubrequestRecordSchema.json"))).RootElement;
}
