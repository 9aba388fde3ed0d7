namespace OutboundInterception;

/// <summary>
/// Picks tenants by their tags: all that it asks for must be there, and nothing that it excludes. Immutable. It reads and
/// writes the original's form, <c>customer-123:yes,staging:no</c>.
/// </summary>
public sealed class TagFilter
{
    private const int MaxTagLength = 128;

    private readonly (string Tag, bool IsWanted)[] _terms;

    private TagFilter((string Tag, bool IsWanted)[] terms)
    {
        _terms = terms;
    }

    /// <summary>Tenants that have a tag.</summary>
    /// <exception cref="ArgumentException">The tag is empty, longer than 128 characters, or has a comma, a colon, an ampersand or a control character in it.</exception>
    public static TagFilter With(string tag) => new([(Check(tag), true)]);

    /// <summary>Tenants that do not have a tag.</summary>
    /// <inheritdoc cref="With"/>
    public static TagFilter Without(string tag) => new([(Check(tag), false)]);

    /// <summary>Tenants that meet both filters.</summary>
    public TagFilter And(TagFilter other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new TagFilter([.. _terms, .. other._terms]);
    }

    /// <summary>Reads <c>tag:yes,other:no</c>.</summary>
    /// <exception cref="FormatException">It is empty, or an entry is not a tag with <c>:yes</c> or <c>:no</c>.</exception>
    public static TagFilter Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<(string, bool)> terms = [];
        foreach (string term in text.Split(','))
        {
            int colon = term.LastIndexOf(':');
            string tag = colon < 0 ? term : term[..colon];
            bool? wanted = colon < 0 ? null : term[(colon + 1)..] switch { "yes" => true, "no" => false, _ => null };
            if (wanted is null || !IsValid(tag))
            {
                throw new FormatException($"'{term}' is not a tag followed by ':yes' or ':no'. Write for example customer-123:yes,staging:no.");
            }

            terms.Add((tag, wanted.Value));
        }

        return new TagFilter([.. terms]);
    }

    /// <summary>In the form that <see cref="Parse"/> reads.</summary>
    public override string ToString() => string.Join(',', _terms.Select(static term => $"{term.Tag}:{(term.IsWanted ? "yes" : "no")}"));

    internal static void ThrowIfInvalid(string tag, string parameter)
    {
        ArgumentNullException.ThrowIfNull(tag, parameter);
        if (!IsValid(tag))
        {
            throw new ArgumentException($"'{tag}' is not a tag: use 1 to {MaxTagLength} characters without comma, colon, ampersand and control characters.", parameter);
        }
    }

    internal bool Matches(TenantLabels labels) => Array.TrueForAll(_terms, term => labels.Tags.Contains(term.Tag) == term.IsWanted);

    private static string Check(string tag)
    {
        ThrowIfInvalid(tag, nameof(tag));
        return tag;
    }

    private static bool IsValid(string tag) =>
        tag.Length is > 0 and <= MaxTagLength && !tag.AsSpan().ContainsAny(',', ':', '&') && !tag.Any(char.IsControl);
}
