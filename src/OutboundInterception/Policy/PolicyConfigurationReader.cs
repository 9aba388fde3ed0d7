using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace OutboundInterception;

/// <summary>
/// Reads a policy from configuration into a builder. Read by hand and not bound: a rule may be a string or an object,
/// and an unknown key must be a problem.
/// </summary>
internal sealed class PolicyConfigurationReader(OutboundPolicyBuilder policy, List<string> problems)
{
    public static IReadOnlyCollection<string> PolicyKeys { get; } = ["Mode", "Allow", "Deny", "Tenants"];

    public static IReadOnlyCollection<string> TenantKeys { get; } = ["Mode", "Allow", "Deny"];

    public static IReadOnlyCollection<string> RuleKeys { get; } =
        ["Id", "Hosts", "Schemes", "Ports", "Methods", "PathPrefixes", "RequiredHeaders", "DeniedHeaders"];

    public void Read(IConfiguration section)
    {
        if (section is IConfigurationSection { Value: null } named && !named.Exists())
        {
            // A misspelt name, or a file that is gone for a moment: no rules at all would allow everything.
            problems.Add($"The configuration has no section '{named.Path}'; check its name, or write {{ \"Mode\": \"Open\" }} in it if there are to be no rules.");
            return;
        }

        RefuseValue(section);
        foreach (IConfigurationSection child in section.GetChildren())
        {
            switch (Known(child, PolicyKeys))
            {
                case "Mode" when ReadMode(child) is { } mode:
                    policy.Mode(mode);
                    break;
                case "Allow":
                    ReadRules(child, isAllow: true, configure => policy.Allow(configure));
                    break;
                case "Deny":
                    ReadRules(child, isAllow: false, configure => policy.Deny(configure));
                    break;
                case "Tenants":
                    ReadTenants(child);
                    break;
            }
        }
    }

    private void ReadTenants(IConfigurationSection section)
    {
        RefuseValue(section);
        foreach (IConfigurationSection tenant in section.GetChildren())
        {
            if (string.IsNullOrWhiteSpace(tenant.Key))
            {
                problems.Add($"'{section.Path}' has a tenant without a name.");
                continue;
            }

            policy.ForTenant(tenant.Key, builder => ReadTenant(tenant, builder));
        }
    }

    private void ReadTenant(IConfigurationSection section, TenantPolicyBuilder tenant)
    {
        RefuseValue(section);
        foreach (IConfigurationSection child in section.GetChildren())
        {
            switch (Known(child, TenantKeys))
            {
                case "Mode" when ReadMode(child) is { } mode:
                    tenant.Mode(mode);
                    break;
                case "Allow":
                    ReadRules(child, isAllow: true, configure => tenant.Allow(configure));
                    break;
                case "Deny":
                    ReadRules(child, isAllow: false, configure => tenant.Deny(configure));
                    break;
            }
        }
    }

    private void ReadRules(IConfigurationSection list, bool isAllow, Action<Action<PolicyRuleBuilder>> add)
    {
        bool any = false;
        foreach (IConfigurationSection entry in Entries(list))
        {
            any = true;
            add(rule => ReadRule(entry, rule));
        }

        if (isAllow && !any)
        {
            // Whoever writes an empty allow list means "nothing", and would get "everything".
            problems.Add($"'{list.Path}' is an empty list, which would allow everything; leave it out for that, or write \"Deny\": [ \"**\" ] to refuse everything.");
        }
    }

    private void ReadRule(IConfigurationSection section, PolicyRuleBuilder rule)
    {
        if (section.Value is { Length: > 0 } host)
        {
            rule.Hosts(host);
            return;
        }

        foreach (IConfigurationSection child in section.GetChildren())
        {
            switch (Known(child, RuleKeys))
            {
                case "Id":
                    rule.Id(child.Value ?? "");
                    break;
                case "Hosts":
                    rule.Hosts(Values(child));
                    break;
                case "Schemes":
                    rule.Schemes(Values(child));
                    break;
                case "Ports":
                    rule.Ports(Values(child).Select(value => ReadPort(child, value)));
                    break;
                case "Methods":
                    rule.Methods(Values(child));
                    break;
                case "PathPrefixes":
                    rule.PathPrefixes(Values(child));
                    break;
                case "RequiredHeaders":
                    rule.RequiredHeaders(Values(child));
                    break;
                case "DeniedHeaders":
                    rule.DeniedHeaders(Values(child));
                    break;
            }
        }
    }

    private void RefuseValue(IConfiguration section)
    {
        if (section is IConfigurationSection { Value: { Length: > 0 } value, Path: { } path })
        {
            problems.Add($"'{path}' is '{value}'; write an object, {{ ... }}.");
        }
    }

    // The key in the spelling of the schema: configuration does not tell upper from lower case.
    private string? Known(IConfigurationSection child, IReadOnlyCollection<string> keys)
    {
        string? known = keys.FirstOrDefault(key => key.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
        if (known is null)
        {
            problems.Add($"'{child.Path}' is not known; what may stand there is {string.Join(", ", keys)}.");
        }

        return known;
    }

    private PolicyMode? ReadMode(IConfigurationSection section)
    {
        // By name only: Enum.Parse would take "7".
        foreach (PolicyMode mode in Enum.GetValues<PolicyMode>())
        {
            if (mode.ToString().Equals(section.Value, StringComparison.OrdinalIgnoreCase))
            {
                return mode;
            }
        }

        problems.Add($"'{section.Path}' is '{section.Value}'; write Enforce, Report or Open.");
        return null;
    }

    private int ReadPort(IConfigurationSection section, string value)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int port))
        {
            problems.Add($"'{section.Path}' has '{value}', which is no number; write ports as numbers from 1 to 65535.");
        }

        // 0 is reported once more, with the rule that it stands in.
        return port;
    }

    private IEnumerable<string> Values(IConfigurationSection list)
    {
        foreach (IConfigurationSection entry in Entries(list))
        {
            if (entry.GetChildren().Any())
            {
                problems.Add($"'{entry.Path}' is an object or a list; write a plain value.");
            }

            yield return entry.Value ?? "";
        }
    }

    private IEnumerable<IConfigurationSection> Entries(IConfigurationSection list)
    {
        if (list.Value is { Length: > 0 } value)
        {
            problems.Add($"'{list.Path}' is '{value}'; write a list, [ \"{value}\" ].");
        }

        foreach (IConfigurationSection entry in list.GetChildren())
        {
            if (!int.TryParse(entry.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                problems.Add($"'{entry.Path}' stands in a place for a list; write a list, [ ... ].");
                continue;
            }

            yield return entry;
        }
    }
}
