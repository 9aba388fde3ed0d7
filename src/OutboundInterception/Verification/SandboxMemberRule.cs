namespace OutboundInterception;

/// <summary>One line of the sandbox policy about members: a name, perhaps parameters, and what holds for them.</summary>
internal sealed class SandboxMemberRule
{
    private readonly string _name;
    private readonly bool _isPrefix;
    private readonly string[]? _parameters;

    /// <param name="sign"><c>+</c>, <c>-</c>, <c>--</c>, <c>~</c> or <c>!</c>.</param>
    /// <param name="pattern"><c>Name</c>, <c>Name*</c>, <c>Name(Parameter,*)</c>.</param>
    /// <param name="argument">The shape of a <c>~</c>, the kind of a <c>!</c>.</param>
    /// <param name="reason">Why.</param>
    public SandboxMemberRule(string sign, string pattern, string? argument, string reason)
    {
        int open = pattern.IndexOf('(');
        string name = open < 0 ? pattern : pattern.Substring(0, open);
        _isPrefix = name.Length > 0 && name[name.Length - 1] == '*';
        _name = _isPrefix ? name.Substring(0, name.Length - 1) : name;
        if (open >= 0)
        {
            string list = pattern.Substring(open + 1, pattern.Length - open - 2);
            _parameters = list.Length == 0 ? [] : list.Split(',');
        }

        Effect = sign switch
        {
            "+" => SandboxEffect.Allowed,
            "~" => SandboxEffect.CompilerOnly,
            "-" or "--" => SandboxEffect.Denied,
            _ => null,
        };
        IsInherited = sign == "--";
        Shape = sign == "~" ? argument : null;
        Making = sign != "!" ? SandboxMaking.None : argument == "activate" ? SandboxMaking.Activate : SandboxMaking.Deserialize;
        Reason = reason;
    }

    /// <summary>What it decides; <see langword="null"/> for a <c>!</c>, which only says what the member makes.</summary>
    public SandboxEffect? Effect { get; }

    /// <summary>Whether it holds on types that derive from this one as well.</summary>
    public bool IsInherited { get; }

    /// <summary>The shape of a <c>~</c>.</summary>
    public string? Shape { get; }

    /// <summary>The kind of a <c>!</c>.</summary>
    public SandboxMaking Making { get; }

    /// <summary>Why.</summary>
    public string Reason { get; }

    /// <summary>Whether it speaks of this member.</summary>
    public bool Fits(string member, IReadOnlyList<string> parameters) =>
        (_isPrefix ? member.StartsWith(_name, StringComparison.Ordinal) : member == _name)
        && (_parameters is null || Fits(_parameters, 0, parameters, 0));

    private static bool Fits(string[] patterns, int pattern, IReadOnlyList<string> parameters, int parameter)
    {
        for (; pattern < patterns.Length; pattern++, parameter++)
        {
            if (patterns[pattern] == "*")
            {
                for (int rest = parameter; rest <= parameters.Count; rest++)
                {
                    if (Fits(patterns, pattern + 1, parameters, rest))
                    {
                        return true;
                    }
                }

                return false;
            }

            if (parameter >= parameters.Count || patterns[pattern] != parameters[parameter])
            {
                return false;
            }
        }

        return parameter == parameters.Count;
    }
}
