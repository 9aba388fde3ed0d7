namespace OutboundInterception;

/// <content>Tags and metadata, by which many tenants are managed at once.</content>
public sealed partial class TenantCollection
{
    /// <summary>Gives a tenant tags in place of those that it has. They stay when it is replaced, and go when it is removed.</summary>
    /// <param name="name">The tenant.</param>
    /// <param name="tags">At most 8, of 1 to 128 characters each, without comma, colon, ampersand and control characters. Case-sensitive.</param>
    /// <exception cref="ArgumentException">There are too many, or one is not valid.</exception>
    /// <exception cref="TenantNotFoundException">There is no such tenant.</exception>
    public void SetTags(string name, params IEnumerable<string> tags)
    {
        TenantLabels checkedLabels = TenantLabels.None with { Tags = TenantLabels.CheckTags(tags) };
        ChangeLabels(name, labels => labels with { Tags = checkedLabels.Tags });
    }

    /// <summary>Gives a tenant metadata in place of what it has: the host's own notes, which no tenant sees.</summary>
    /// <param name="name">The tenant.</param>
    /// <param name="metadata">At most 64 entries of at most 1,024 characters. Copied.</param>
    /// <exception cref="ArgumentException">There is too much of it.</exception>
    /// <exception cref="TenantNotFoundException">There is no such tenant.</exception>
    public void SetMetadata(string name, IReadOnlyDictionary<string, string> metadata)
    {
        TenantLabels checkedLabels = TenantLabels.None with { Metadata = TenantLabels.CheckMetadata(metadata) };
        ChangeLabels(name, labels => labels with { Metadata = checkedLabels.Metadata });
    }

    /// <summary>A tenant's tags at this moment, in no particular order.</summary>
    /// <exception cref="TenantNotFoundException">There is no such tenant.</exception>
    public IReadOnlyCollection<string> TagsOf(string name) => LabelsOf(name).Tags;

    /// <summary>A tenant's metadata at this moment.</summary>
    /// <exception cref="TenantNotFoundException">There is no such tenant.</exception>
    public IReadOnlyDictionary<string, string> MetadataOf(string name) => LabelsOf(name).Metadata;

    /// <summary>The names of the tenants that a filter picks, in no particular order. It looks at every tenant.</summary>
    public IEnumerable<string> Find(TagFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return _entries.Where(entry => filter.Matches(entry.Value.Details?.Labels ?? TenantLabels.None)).Select(static entry => entry.Key);
    }

    /// <summary>How many tenants a filter picks. It looks at every tenant.</summary>
    public int CountOf(TagFilter filter) => Find(filter).Count();

    /// <summary>Removes the tenants that a filter picks. Running dispatches finish.</summary>
    /// <returns>How many were removed.</returns>
    public int Remove(TagFilter filter)
    {
        // Asked again under the lock: one that has lost its tag meanwhile stays.
        return Find(filter).Count(name => Remove(name, details => filter.Matches(details.Labels)));
    }

    private TenantLabels LabelsOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return (DetailsOf(name) ?? throw new TenantNotFoundException(name, _namespace)).Labels;
    }

    private void ChangeLabels(string name, Func<TenantLabels, TenantLabels> change)
    {
        ArgumentNullException.ThrowIfNull(name);
        Change(name, (entry, details) => (
            entry ?? throw new TenantNotFoundException(name, _namespace), details with { Labels = change(details.Labels) }));
    }
}
