using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace OutboundInterception;

/// <summary>Writes problems where reflection is off.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class ProblemJson : JsonSerializerContext;
