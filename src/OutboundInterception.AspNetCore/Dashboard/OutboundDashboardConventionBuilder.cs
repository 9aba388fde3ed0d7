using Microsoft.AspNetCore.Builder;

namespace OutboundInterception;

/// <summary>Says who may use the page, and what they may do there. <c>RequireAuthorization()</c> works on it as on any endpoint.</summary>
public sealed class OutboundDashboardConventionBuilder : IEndpointConventionBuilder
{
    private readonly IEndpointConventionBuilder _group;
    private readonly KillSwitchAccess _killSwitch;

    internal OutboundDashboardConventionBuilder(IEndpointConventionBuilder group, KillSwitchAccess killSwitch)
    {
        _group = group;
        _killSwitch = killSwitch;
    }

    /// <summary>
    /// Serves the page to everybody who can reach it, without asking who they are. It shows which tenants there are and what
    /// hosts they call: put something in front of it that asks.
    /// </summary>
    public OutboundDashboardConventionBuilder AllowRemote()
    {
        _group.Add(static endpoint => endpoint.Metadata.Add(new DashboardAccess.AllowRemoteMetadata()));
        return this;
    }

    /// <summary>Lets whoever may use the page switch tenants off and on. Without it the page only shows.</summary>
    /// <param name="policy">The name of an authorization policy that they must meet besides; <see langword="null"/> for none.</param>
    public OutboundDashboardConventionBuilder AllowKillSwitch(string? policy = null)
    {
        _killSwitch.IsOn = true;
        _killSwitch.Policy = policy;
        return this;
    }

    /// <inheritdoc/>
    public void Add(Action<EndpointBuilder> convention) => _group.Add(convention);

    /// <inheritdoc/>
    public void Finally(Action<EndpointBuilder> finallyConvention) => _group.Finally(finallyConvention);
}
