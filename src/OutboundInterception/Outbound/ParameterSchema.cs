namespace OutboundInterception;

/// <summary>The outbound parameters that a namespace declares, each with its slot. Immutable.</summary>
internal sealed class ParameterSchema
{
    private static readonly object?[] s_noValues = [];

    private readonly OutboundParameter[] _declared;
    private readonly object?[]? _defaults;

    /// <param name="declared">One of a name; the caller has checked that.</param>
    public ParameterSchema(IEnumerable<OutboundParameter> declared)
    {
        _declared = [.. declared];
        if (_declared.Length == 0)
        {
            _defaults = s_noValues;
        }
        else if (Array.TrueForAll(_declared, static parameter => parameter.HasDefault))
        {
            _defaults = Array.ConvertAll(_declared, static parameter => parameter.BoxedDefault);
        }
    }

    public string Names => _declared.Length == 0 ? "none" : string.Join(", ", _declared.Select(static parameter => $"'{parameter.Name}'"));

    /// <summary>The values of one dispatch, by slot. Nothing writes to the result.</summary>
    /// <exception cref="ArgumentException">A value is undeclared, of the wrong type, or missing.</exception>
    public object?[] Bind(IReadOnlyList<ParameterValue>? given)
    {
        if (given is null || given.Count == 0)
        {
            return _defaults ?? throw Missing(Array.Find(_declared, static parameter => !parameter.HasDefault)!);
        }

        object?[] values = new object?[_declared.Length];
        ulong set = 0;
        foreach (ParameterValue value in given)
        {
            int slot = IndexOf(value.Name);
            if (slot < 0)
            {
                throw new ArgumentException(
                    $"The outbound parameter '{value.Name}' is not declared with this namespace, which declares: {Names}. Declare it where the worker that reads it is added: AddOutboundWorker<TWorker>(parameter).");
            }

            if (!_declared[slot].Accepts(value.Value))
            {
                throw new ArgumentException(
                    $"The outbound parameter '{value.Name}' takes a {_declared[slot].ValueType}, but was given {(value.Value is null ? "null" : $"a {value.Value.GetType()}")}.");
            }

            values[slot] = value.Value;
            set |= 1UL << slot;
        }

        for (int slot = 0; slot < _declared.Length; slot++)
        {
            if ((set & (1UL << slot)) == 0)
            {
                values[slot] = _declared[slot].HasDefault ? _declared[slot].BoxedDefault : throw Missing(_declared[slot]);
            }
        }

        return values;
    }

    /// <summary>Reads a value through a typed key.</summary>
    public T Read<T>(object?[] values, OutboundParameter<T> parameter)
    {
        for (int slot = 0; slot < _declared.Length; slot++)
        {
            if (ReferenceEquals(_declared[slot], parameter))
            {
                return (T)values[slot]!;
            }
        }

        // Another key of the same name: one declared by configuration, or a second instance.
        object? value = Read(values, parameter.Name);
        return parameter.Accepts(value)
            ? (T)value!
            : throw new InvalidOperationException(
                $"The outbound parameter '{parameter.Name}' was read as {typeof(T)}, but this dispatch was given {(value is null ? "null" : $"a {value.GetType()}")}.");
    }

    /// <summary>Reads a value by its name.</summary>
    public object? Read(object?[] values, string name)
    {
        int slot = IndexOf(name);
        return slot >= 0 ? values[slot] : throw Undeclared(name);
    }

    private InvalidOperationException Undeclared(string name) => new(
        $"The outbound parameter '{name}' is not declared with this namespace, which declares: {Names}. Declare it where the worker is added: AddOutboundWorker<TWorker>(parameter), or in the 'parameters' of the configuration.");

    private int IndexOf(string name)
    {
        for (int slot = 0; slot < _declared.Length; slot++)
        {
            if (string.Equals(_declared[slot].Name, name, StringComparison.Ordinal))
            {
                return slot;
            }
        }

        return -1;
    }

    private ArgumentException Missing(OutboundParameter parameter) => new(
        $"The outbound parameter '{parameter.Name}' has no default and was not given. This namespace declares: {Names}. Give it with DispatchOptions.With, or declare it with a default.");
}
