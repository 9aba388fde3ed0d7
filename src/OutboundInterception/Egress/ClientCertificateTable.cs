using System.Collections.Frozen;

namespace OutboundInterception;

/// <summary>Finds the connections whose client certificate a tenant's request to a host is to be sent with. Immutable.</summary>
internal sealed class ClientCertificateTable : IDisposable
{
    private readonly Entry[] _all;
    private readonly Entry[] _ofAllTenants;
    private readonly FrozenDictionary<string, Entry[]> _ofTenants;

    public ClientCertificateTable(EgressOptions options, AddressGuard guard, RouteTable routes)
    {
        _all = [.. options.ClientCertificates.Select(certificate => new Entry(certificate, new Lazy<EgressConnections>(
            () => new EgressConnections(options, guard, routes, certificate.Certificate))))];
        _ofAllTenants = [.. _all.Where(static entry => entry.Tenant is null)];
        _ofTenants = _all.Where(static entry => entry.Tenant is not null)
            .GroupBy(static entry => entry.Tenant!, StringComparer.Ordinal)
            .ToFrozenDictionary(static tenant => tenant.Key, static tenant => tenant.ToArray(), StringComparer.Ordinal);
    }

    public EgressConnections? Find(string tenant, CanonicalHost host) =>
        (_ofTenants.TryGetValue(tenant, out Entry[]? own) ? First(own, host) : null) ?? First(_ofAllTenants, host);

    public void Dispose()
    {
        foreach (Entry entry in _all)
        {
            if (entry.Connections.IsValueCreated)
            {
                entry.Connections.Value.Dispose();
            }
        }
    }

    private static EgressConnections? First(Entry[] entries, CanonicalHost host)
    {
        foreach (Entry entry in entries)
        {
            if (entry.Covers(host))
            {
                return entry.Connections.Value;
            }
        }

        return null;
    }

    private sealed class Entry
    {
        private readonly HostList _names;
        private readonly UInt128[] _addresses;

        public Entry(ClientCertificate certificate, Lazy<EgressConnections> connections)
        {
            HostPattern[] hosts = [.. certificate.Hosts.Select(static host => HostPattern.TryParse(host, out HostPattern pattern, out string problem)
                ? pattern
                : throw new ArgumentException($"'{host}' {problem}", nameof(certificate)))];
            Tenant = certificate.Tenant;
            Connections = connections;
            _names = new HostList(hosts.Where(static host => host.Kind is HostPatternKind.Exact or HostPatternKind.Below)
                .Select(static host => (host.Name, host.Kind == HostPatternKind.Below, 0)));
            _addresses = [.. hosts.Where(static host => host.Kind == HostPatternKind.Address).Select(static host => host.Address)];
        }

        public string? Tenant { get; }

        // Most of many tenants are idle: their connections' handlers come with the first request.
        public Lazy<EgressConnections> Connections { get; }

        public bool Covers(CanonicalHost host)
        {
            int depth = int.MaxValue;
            return host.Address is { } address
                ? _addresses.AsSpan().Contains(AddressKey.Of(address))
                : _names.Find(host.Name, ref depth) >= 0;
        }
    }
}
