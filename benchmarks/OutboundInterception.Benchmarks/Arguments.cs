using System.Globalization;

namespace OutboundInterception.Benchmarks;

/// <summary>A command's arguments: <c>--flag</c>, and <c>--option value</c>.</summary>
internal sealed class Arguments(string[] arguments)
{
    public bool Has(string flag) => Array.IndexOf(arguments, flag) >= 0;

    public string? Value(string option) => Values(option).FirstOrDefault();

    public double? Number(string option) => Value(option) is { } value ? double.Parse(value, CultureInfo.InvariantCulture) : null;

    public IEnumerable<int> Numbers(string option) => Values(option).Select(static value => int.Parse(value, CultureInfo.InvariantCulture));

    private IEnumerable<string> Values(string option)
    {
        for (int index = 0; index < arguments.Length; index++)
        {
            if (arguments[index] == option)
            {
                yield return index + 1 < arguments.Length ? arguments[index + 1] : throw new ArgumentException($"{option} needs a value.");
            }
        }
    }
}
