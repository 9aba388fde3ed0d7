namespace OutboundInterception;

/// <summary>
/// Says that everything in the assembly is tenant code: the analyzer then checks all of it against the sandbox policy, rather
/// than what can be reached from tenant handlers. <c>&lt;OutboundTenantAssembly&gt;true&lt;/OutboundTenantAssembly&gt;</c> in the
/// project file says the same, and adds this attribute.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class OutboundTenantAssemblyAttribute : Attribute
{
    /// <summary>
    /// Whether the tenants of the assembly run in namespaces with outbound workers, where raw sockets are denied unless a worker
    /// takes them on; <see langword="false"/> by default. The analyzer then reports their use.
    /// </summary>
    public bool HasOutboundWorkers { get; set; }
}
