namespace OutboundInterception;

/// <summary>A typed key for a value that the host gives for one dispatch and that only outbound workers can read.</summary>
/// <typeparam name="T">The value's type. Values are handed over as they are: give immutable ones.</typeparam>
public sealed class OutboundParameter<T> : OutboundParameter
{
    private readonly T? _default;

    /// <summary>A parameter that every dispatch must give.</summary>
    /// <param name="name">The name, case-sensitive; unique within a namespace.</param>
    public OutboundParameter(string name)
        : base(name, hasDefault: false)
    {
    }

    /// <summary>A parameter that a dispatch may leave out.</summary>
    /// <param name="name">The name, case-sensitive; unique within a namespace.</param>
    /// <param name="defaultValue">What workers read then. One instance for all dispatches.</param>
    public OutboundParameter(string name, T defaultValue)
        : base(name, hasDefault: true)
    {
        _default = defaultValue;
    }

    internal override Type ValueType => typeof(T);

    internal override object? BoxedDefault => _default;

    internal override bool Accepts(object? value) => value is T || (value is null && default(T) is null);
}
