using System.Collections.Frozen;

namespace OutboundInterception;

/// <summary>A tenant's tags and metadata. Immutable.</summary>
internal sealed record TenantLabels(FrozenSet<string> Tags, FrozenDictionary<string, string> Metadata)
{
    // The original's bound.
    private const int MaxTags = 8;
    private const int MaxMetadata = 64;
    private const int MaxLength = 1024;

    public static readonly TenantLabels None = new(FrozenSet<string>.Empty, FrozenDictionary<string, string>.Empty);

    /// <exception cref="ArgumentException">There are too many, or one is not valid.</exception>
    public static FrozenSet<string> CheckTags(IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        FrozenSet<string> set = tags.ToFrozenSet(StringComparer.Ordinal);
        foreach (string tag in set)
        {
            TagFilter.ThrowIfInvalid(tag, nameof(tags));
        }

        return set.Count <= MaxTags ? set : throw new ArgumentException($"A tenant has at most {MaxTags} tags; these are {set.Count}.", nameof(tags));
    }

    /// <exception cref="ArgumentException">There is too much of it.</exception>
    public static FrozenDictionary<string, string> CheckMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        FrozenDictionary<string, string> copy = metadata.ToFrozenDictionary(StringComparer.Ordinal);
        if (copy.Count > MaxMetadata)
        {
            throw new ArgumentException($"A tenant has at most {MaxMetadata} entries of metadata; these are {copy.Count}.", nameof(metadata));
        }

        foreach ((string key, string value) in copy)
        {
            ArgumentNullException.ThrowIfNull(value, nameof(metadata));
            if (key.Length is 0 or > MaxLength || value.Length > MaxLength)
            {
                throw new ArgumentException($"Keys and values of metadata have at most {MaxLength} characters, and a key at least one.", nameof(metadata));
            }
        }

        return copy;
    }
}
