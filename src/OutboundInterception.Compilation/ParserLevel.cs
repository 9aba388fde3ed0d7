using Microsoft.CodeAnalysis.CSharp;

namespace OutboundInterception;

/// <summary>What <see cref="ParserWork"/> knows of what is between two brackets, some of it since the last comma of a list, semicolon or brace.</summary>
internal sealed class ParserLevel(SyntaxKind opening)
{
    public SyntaxKind Opening => opening;

    public bool IsBlock => opening is SyntaxKind.OpenBraceToken or SyntaxKind.None;

    /// <summary>Whether brackets after it are an index of it.</summary>
    public bool IsOperand { get; set; }

    /// <summary>Whether it is in brackets that may be attributes, with no lambda between.</summary>
    public bool MayBeAttributes { get; set; }

    /// <summary>How often the reading of all between the brackets is doubled.</summary>
    public int Around { get; set; }

    /// <summary>How often the reading of what follows is doubled; at first, and after each restart, as <see cref="Around"/>.</summary>
    public int Doublings { get; set; }

    /// <summary>How many conditionals may have begun and not come to their colon.</summary>
    public int Questions { get; set; }

    /// <summary>How many conditional accesses to a member there were.</summary>
    public int Accesses { get; set; }

    /// <summary>How many angle brackets are open, if they are brackets.</summary>
    public int Less { get; set; }

    public bool IsAssigned { get; set; }

    public bool IsAwaited { get; set; }

    /// <summary>How often each token here is read, as far as is known; beyond 2 to the 30th it does not matter.</summary>
    public long Reads => 1L << Math.Min(Doublings, 30);

    public void Restart()
    {
        Doublings = Around;
        Questions = Accesses = Less = 0;
        IsAssigned = IsAwaited = false;
    }
}
