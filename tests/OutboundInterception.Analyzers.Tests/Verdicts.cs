using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers.Tests;

/// <summary>Asks the analyzers about one snippet.</summary>
internal static class Verdicts
{
    /// <summary>All diagnostics of an assembly of tenant code.</summary>
    public static Task<IReadOnlyList<Diagnostic>> OfTenantAsync(params string[] sources) => Compiled.AnalyzeAsync(Compiled.Compile([.. sources, Compiled.TenantAssembly]));

    /// <summary>All diagnostics of an assembly that mixes host and tenants.</summary>
    public static Task<IReadOnlyList<Diagnostic>> OfHostAsync(params string[] sources) => Compiled.AnalyzeAsync(Compiled.Compile(sources));

    /// <summary>All diagnostics of an assembly of tenant code whose one handler has this body and these further members and types.</summary>
    public static Task<IReadOnlyList<Diagnostic>> OfBodyAsync(string body, string members = "", string types = "") => OfTenantAsync(Handler(body, members, types));

    /// <summary>A handler with this body.</summary>
    public static string Handler(string body, string members = "", string types = "") => $$"""
        public sealed class Shop : ITenantHandler
        {
            public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
            {
                await Task.Yield();
                {{body}}
                return new HttpResponseMessage();
            }
            {{members}}
        }
        {{types}}
        """;

    /// <summary>The ids, in the order of the source.</summary>
    public static IEnumerable<string> Ids(this IEnumerable<Diagnostic> diagnostics) => diagnostics.Select(diagnostic => diagnostic.Id);

    /// <summary>The messages, in the order of the source.</summary>
    public static IEnumerable<string> Messages(this IEnumerable<Diagnostic> diagnostics) =>
        diagnostics.Select(diagnostic => diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The text that a diagnostic underlines.</summary>
    public static string Text(this Diagnostic diagnostic) => diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan);
}
