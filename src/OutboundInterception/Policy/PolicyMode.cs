namespace OutboundInterception;

/// <summary>What becomes of a subrequest that the rules do not admit. Set per namespace, and per tenant where it differs.</summary>
/// <remarks>
/// <para>
/// A tenant's own mode counts for it in place of the namespace's. Only a deny rule of the namespace asks for both: no tenant's mode
/// lifts what the platform forbids everybody.
/// </para>
/// <list type="table">
/// <listheader><term>The tenant is in</term><description>deny rule of the namespace; of the tenant; no allow rule admits it</description></listheader>
/// <item><term><see cref="Enforce"/></term><description>refused; refused; refused</description></item>
/// <item><term><see cref="Report"/>, as the namespace is</term><description>reported; reported; reported</description></item>
/// <item><term><see cref="Report"/>, but the namespace is not</term><description>refused; reported; reported</description></item>
/// <item><term><see cref="Open"/></term><description>refused; refused; let through</description></item>
/// </list>
/// <para>The kill switch, the checks of URL and message, the address guard and limits know no modes.</para>
/// </remarks>
public enum PolicyMode
{
    /// <summary>The default. It is refused.</summary>
    Enforce,

    /// <summary>
    /// It goes out, and its record says that it would have been refused: for trying an allow list before it counts. A deny
    /// rule of the namespace is only reported if namespace and tenant are both in this mode: what the platform forbids
    /// everybody is not lifted while one tenant's list is tried.
    /// </summary>
    Report,

    /// <summary>It goes out unless a deny rule names it: allow rules need not be met, deny rules still refuse.</summary>
    Open,
}
