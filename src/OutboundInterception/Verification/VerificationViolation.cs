using System.Globalization;

namespace OutboundInterception;

/// <summary>One thing in a tenant assembly that tenant code may not have. Immutable.</summary>
/// <param name="Rule">The rule that it breaks.</param>
/// <param name="Member">The type or member in which it stands, as named in metadata; <c>&lt;assembly&gt;</c> for the assembly itself.</param>
/// <param name="Offset">The offset of the IL instruction in bytes; <see langword="null"/> outside a method body.</param>
/// <param name="File">The source file, where there is a portable PDB.</param>
/// <param name="Line">The line in <paramref name="File"/>, counted from 1.</param>
/// <param name="Target">What is used: a type or member as named in metadata, an opcode, an attribute.</param>
/// <param name="Reason">Why it may not be used, in words for the tenant's author.</param>
public sealed record VerificationViolation(
    VerificationRule Rule, string Member, int? Offset, string? File, int? Line, string Target, string Reason)
{
    /// <summary>One line: <c>Shop.cs(12): Shop::FetchAsync IL_000a: System.Net.Dns::GetHostEntry: reason [Member]</c>.</summary>
    public override string ToString()
    {
        string source = File is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{File}({Line}): ");
        string offset = Offset is { } at ? string.Create(CultureInfo.InvariantCulture, $" IL_{at:x4}") : "";
        return $"{source}{Member}{offset}: {Target}: {Reason} [{Rule}]";
    }
}
