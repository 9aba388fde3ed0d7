using System.Text.Json.Nodes;

namespace OutboundInterception.Tests.Parity;

/// <summary>One scenario as workerd, the original's runtime, played it.</summary>
internal sealed class Recording
{
    private Recording(JsonObject json) => Json = json;

    public static IReadOnlyDictionary<string, Recording> All { get; } = File
        .ReadLines(Path.Combine(AppContext.BaseDirectory, "Parity", "workerd-scenarios.jsonl"))
        .Select(static line => new Recording(JsonNode.Parse(line)!.AsObject()))
        .ToDictionary(static recording => recording.Name);

    public JsonObject Json { get; }

    public string Name => (string)Json["scenario"]!;

    /// <summary>Whether it was played with a fixed outbound worker and without a dispatcher; then nobody noted what the worker saw.</summary>
    public bool IsStatic => Json.ContainsKey("kind");

    public string Mode => (string?)Json["outboundEntrypoint"] switch
    {
        null when !IsStatic => "none",
        "inherit" => "inherit",
        _ => (string?)Json["outboundMode"] ?? "pass",
    };

    public JsonObject Parameters => Json["params"]?.AsObject() ?? new JsonObject { ["customer"] = "acme" };
}
