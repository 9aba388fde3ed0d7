namespace OutboundInterception;

/// <summary>A value that the host gives for one dispatch and that only outbound workers can read.</summary>
/// <remarks>Make one <see cref="OutboundParameter{T}"/> per value, as a static field of the worker that reads it.</remarks>
public abstract class OutboundParameter
{
    private protected OutboundParameter(string name, bool hasDefault)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        HasDefault = hasDefault;
    }

    /// <summary>The name, case-sensitive; unique within a namespace.</summary>
    public string Name { get; }

    /// <summary>Whether a dispatch may leave it out.</summary>
    public bool HasDefault { get; }

    internal abstract Type ValueType { get; }

    internal abstract object? BoxedDefault { get; }

    internal abstract bool Accepts(object? value);
}
