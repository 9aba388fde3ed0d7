using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers;

/// <summary>One thing that tenant code may not use. Cached per symbol, so it knows no place.</summary>
internal sealed class Finding(string name, string reason, ISymbol? owner = null, string? shape = null)
{
    /// <summary>What it is, as an author would write it.</summary>
    public string Name { get; } = name;

    /// <summary>Why not.</summary>
    public string Reason { get; } = reason;

    /// <summary>The type that is refused, or whose member is: several findings of one line about it are told once.</summary>
    public ISymbol? Owner { get; } = owner;

    /// <summary>The shape in which a generator's output may use it all the same.</summary>
    public string? Shape { get; } = shape;
}
