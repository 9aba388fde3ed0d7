using System.Text.Json.Serialization;

namespace OutboundInterception;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<NamespaceView>))]
[JsonSerializable(typeof(TrafficSummary))]
[JsonSerializable(typeof(TenantView))]
[JsonSerializable(typeof(DryRunView))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class DashboardJson : JsonSerializerContext;
