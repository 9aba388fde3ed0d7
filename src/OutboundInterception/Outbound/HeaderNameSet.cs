using System.Collections.Frozen;

namespace OutboundInterception;

/// <summary>
/// Names of headers, whatever their case. Nearly all that are looked for are not among them, which their length and first letter
/// say: a comparison that ignores case takes several times as long.
/// </summary>
internal sealed class HeaderNameSet
{
    // The bits that a letter has in either case.
    private const int Letter = 0x1f;

    private readonly FrozenSet<string> _names;

    // By length, the first letters as bits.
    private readonly uint[] _firstLetters;

    public HeaderNameSet(params string[] names)
    {
        _names = names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _firstLetters = new uint[names.Max(static name => name.Length) + 1];
        foreach (string name in names)
        {
            _firstLetters[name.Length] |= 1u << (name[0] & Letter);
        }
    }

    public bool Contains(string name) =>
        name.Length < _firstLetters.Length
        && _firstLetters[name.Length] is not 0 and uint letters
        && (letters >> (name[0] & Letter) & 1) != 0
        && _names.Contains(name);
}
