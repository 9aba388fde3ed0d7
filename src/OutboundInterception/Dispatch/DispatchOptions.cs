namespace OutboundInterception;

/// <summary>
/// What a host gives for one dispatch. Read once, by <see cref="DispatchNamespace.Get(string, DispatchOptions?)"/>: what changes later is not seen.
/// Not safe for use by several threads while it is being filled.
/// </summary>
public sealed class DispatchOptions
{
    private Dictionary<string, object?>? _arguments;
    private List<ParameterValue>? _parameters;

    /// <summary>What the tenant finds in <see cref="TenantContext.Arguments"/>.</summary>
    /// <value>Empty by default.</value>
    public IDictionary<string, object?> Arguments => _arguments ??= new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>Limits of this dispatch; what is <see langword="null"/> in it is the namespace's.</summary>
    /// <value><see langword="null"/> by default: the namespace's.</value>
    public DispatchLimits? Limits { get; init; }

    internal IReadOnlyList<ParameterValue>? Parameters => _parameters;

    /// <summary>The arguments that a dispatch is given: the host's, and a calling tenant's own in place of those of the same name.</summary>
    internal static IReadOnlyDictionary<string, object?>? CopyArguments(DispatchOptions? options, IDictionary<string, object?>? own)
    {
        if (options?._arguments is not { Count: > 0 } && own is not { Count: > 0 })
        {
            return null;
        }

        // A copy: the host may give one instance for all dispatches.
        Dictionary<string, object?> copy = new(options?._arguments ?? [], StringComparer.Ordinal);
        foreach ((string name, object? value) in own ?? new Dictionary<string, object?>())
        {
            copy[name] = value;
        }

        return new System.Collections.ObjectModel.ReadOnlyDictionary<string, object?>(copy);
    }

    /// <summary>Gives an outbound parameter its value. The last value counts.</summary>
    /// <param name="parameter">The key that the worker reads with.</param>
    /// <param name="value">Handed to the workers as it is.</param>
    /// <returns>This instance.</returns>
    public DispatchOptions With<T>(OutboundParameter<T> parameter, T value)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return With(parameter.Name, value);
    }

    /// <summary>Gives an outbound parameter that configuration declares its value. The last value counts.</summary>
    /// <param name="name">The name as configuration has it, case-sensitive.</param>
    /// <param name="value">Handed to the workers as it is.</param>
    /// <returns>This instance.</returns>
    public DispatchOptions With(string name, object? value)
    {
        ArgumentNullException.ThrowIfNull(name);
        (_parameters ??= []).Add(new ParameterValue(name, value));
        return this;
    }
}
