using System.Buffers;

namespace OutboundInterception;

/// <summary>What a tenant or a namespace may be called.</summary>
internal static class TenantName
{
    // As long as a script name of the original may be with room to spare, and of a length that is safe in logs and tags.
    public const int MaxLength = 128;

    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~");

    public static bool IsValid(string name) => name.Length is > 0 and <= MaxLength && !name.AsSpan().ContainsAnyExcept(s_allowed);

    public static string Describe(string name) =>
        $"'{name}' is not a valid name: use 1 to {MaxLength} of the characters A-Z a-z 0-9 - _ . ~";

    /// <exception cref="ArgumentException">The name is not valid.</exception>
    public static void ThrowIfInvalid(string name, string parameter)
    {
        ArgumentNullException.ThrowIfNull(name, parameter);
        if (!IsValid(name))
        {
            throw new ArgumentException(Describe(name), parameter);
        }
    }
}
