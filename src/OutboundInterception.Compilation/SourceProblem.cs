using Microsoft.CodeAnalysis.Text;

namespace OutboundInterception;

/// <summary>What the checks before the compiler say.</summary>
internal static class SourceProblem
{
    public const string TooCostly = "too-costly";

    public const string TooDeep = "too-deep";

    public static DeploymentDiagnostic At(LinePosition place, string path, string rule, string message) => new()
    {
        Rule = rule,
        Message = message,
        File = path,
        Line = place.Line + 1,
        Column = place.Character + 1,
    };
}
