using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers;

/// <summary>How a member was reached: a list from its end.</summary>
internal sealed class CallPath
{
    private readonly CallPath? _before;
    private readonly string? _start;
    private readonly ISymbol? _member;

    private CallPath(CallPath? before, string? start, ISymbol? member) => (_before, _start, _member) = (before, start, member);

    /// <summary>Begins with a name.</summary>
    public static CallPath Start(string name) => new(null, name, null);

    /// <summary>Goes on with a member.</summary>
    public CallPath Then(ISymbol member) => new(this, null, member);

    /// <summary>The path in words, up to what was found: <c>FetchAsync → Pricing.Load → TcpClient..ctor</c>.</summary>
    public string To(Finding finding)
    {
        var names = new Stack<string>();
        names.Push(finding.Name.StartsWith("new ", StringComparison.Ordinal) ? finding.Name.Substring("new ".Length) + "..ctor" : finding.Name);
        for (CallPath? at = this; at is not null; at = at._before)
        {
            names.Push(at._start ?? Name(at._member!));
        }

        return string.Join(" → ", names);
    }

    private static string Name(ISymbol member)
    {
        string name = (member as IMethodSymbol)?.AssociatedSymbol?.Name ?? member.Name;
        return member.ContainingType is { Name: { Length: > 0 } type } ? type + "." + name : name;
    }
}
