using Microsoft.Extensions.Logging;

namespace OutboundInterception;

/// <summary>What a namespace is made of, checked.</summary>
internal sealed record NamespaceParts(
    string Name,
    DispatchNamespaceOptions Options,
    IServiceProvider Services,
    TimeProvider Time,
    ILogger Logger,
    ParameterSchema Schema,
    OutboundPolicyStore Policy,
    TenantCollection Tenants,
    OutboundChain Outbound,
    NamespaceResilience Resilience,
    OutboundMetrics Metrics);
