using Microsoft.Extensions.Configuration;

namespace OutboundInterception;

/// <summary>One entry of <c>dispatch_namespaces</c>, in the original's shape.</summary>
internal sealed record NamespaceBinding(string Binding, string? Namespace, string? Service, IReadOnlyList<string> Parameters)
{
    private const string Root = "dispatch_namespaces";

    // "remote" and "environment" choose between deployments of the original; here they say nothing, and are let stand.
    private static readonly string[] s_keys = ["binding", "namespace", "outbound", "remote"];
    private static readonly string[] s_outboundKeys = ["service", "environment", "parameters"];

    /// <exception cref="InvalidOperationException">A key is unknown or missing.</exception>
    public static IEnumerable<NamespaceBinding> Read(IConfiguration configuration)
    {
        IConfigurationSection root = configuration.GetSection(Root);
        List<string> problems = [];
        List<NamespaceBinding> bindings = [];
        foreach (IConfigurationSection entry in root.GetChildren())
        {
            ReportUnknown(entry, s_keys, problems);
            IConfigurationSection outbound = entry.GetSection("outbound");
            ReportUnknown(outbound, s_outboundKeys, problems);
            string? binding = entry["binding"];
            if (binding is null || !TenantName.IsValid(binding))
            {
                problems.Add(binding is null ? $"\"{entry.Path}:binding\" is a required field." : $"\"{entry.Path}:binding\": {TenantName.Describe(binding)}.");
            }

            if (outbound.Value is { Length: > 0 } text)
            {
                problems.Add($"\"{outbound.Path}\" should be an object, but got \"{text}\".");
            }
            else if (outbound.Exists() && outbound["service"] is null)
            {
                problems.Add($"\"{outbound.Path}:service\" is a required field.");
            }

            IConfigurationSection parameters = outbound.GetSection("parameters");
            if (parameters.Value is { Length: > 0 } bad)
            {
                problems.Add($"Expected \"{parameters.Path}\" to be an array of strings but got \"{bad}\".");
            }

            bindings.Add(new NamespaceBinding(
                binding ?? string.Empty, entry["namespace"], outbound["service"], [.. parameters.GetChildren().Select(static parameter => parameter.Value ?? string.Empty)]));
        }

        return problems.Count == 0 ? bindings : throw new InvalidOperationException(string.Join(Environment.NewLine, problems));
    }

    private static void ReportUnknown(IConfigurationSection section, string[] known, List<string> problems)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                problems.Add($"\"{child.Path}\" is not a known field. Known are: {string.Join(", ", known)}.");
            }
        }
    }
}
