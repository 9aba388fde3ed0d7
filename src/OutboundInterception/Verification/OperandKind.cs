namespace OutboundInterception;

/// <summary>What follows the code of an IL instruction.</summary>
internal enum OperandKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>One byte.</summary>
    Byte,

    /// <summary>Two bytes.</summary>
    Word,

    /// <summary>Four bytes.</summary>
    Int,

    /// <summary>Eight bytes.</summary>
    Long,

    /// <summary>A metadata token.</summary>
    Token,

    /// <summary>The distance of a branch in one byte.</summary>
    ShortBranch,

    /// <summary>The distance of a branch in four bytes.</summary>
    Branch,

    /// <summary>A table of branches.</summary>
    Switch,
}
