using System.Diagnostics.CodeAnalysis;

namespace OutboundInterception;

/// <summary>All namespaces of the process, for containers without keyed services.</summary>
public interface IDispatchNamespaces
{
    /// <summary>The names under which namespaces are registered.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>The namespace that was registered under a name.</summary>
    /// <exception cref="InvalidOperationException">There is none; the message names those that there are.</exception>
    DispatchNamespace Get(string name);

    /// <summary>The namespace that was registered under a name, if there is one.</summary>
    bool TryGet(string name, [NotNullWhen(true)] out DispatchNamespace? value);
}
