namespace OutboundInterception;

/// <summary>Says in one sentence what is wrong with an option that is out of its range.</summary>
internal static class OptionRange
{
    public static string? Check<T>(string name, T value, T least, T most)
        where T : IComparable<T> =>
        value.CompareTo(least) < 0 || value.CompareTo(most) > 0
            ? $"{name} is {value}; it must be from {least} to {most}."
            : null;

    public static IEnumerable<string> Problems(params string?[] checks) => checks.OfType<string>();
}
