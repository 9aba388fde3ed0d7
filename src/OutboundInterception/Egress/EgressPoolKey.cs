namespace OutboundInterception;

/// <summary>
/// The permission to use a set of connections, known by its identity: the holder of an equal name holds nothing. One
/// per namespace.
/// </summary>
internal sealed class EgressPoolKey(string name)
{
    public override string ToString() => name;
}
