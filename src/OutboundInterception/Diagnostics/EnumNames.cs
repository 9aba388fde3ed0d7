using System.Text.Json;

namespace OutboundInterception;

/// <summary>The members of an enumeration as JSON and tags name them: in camelCase, made once.</summary>
internal static class EnumNames<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> s_names =
        Enum.GetValues<T>().ToDictionary(static value => value, static value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));

    public static string Of(T value) => s_names[value];
}
