namespace OutboundInterception;

/// <summary>A deployment was refused, and nothing has changed.</summary>
public sealed class DeploymentException : Exception
{
    private const int Shown = 10;

    internal DeploymentException(string tenant, IReadOnlyList<DeploymentDiagnostic> diagnostics, Exception? inner = null)
        : base(Describe(tenant, diagnostics), inner)
    {
        Tenant = tenant;
        Diagnostics = diagnostics;
    }

    internal DeploymentException(string tenant, string rule, string message, Exception? inner = null)
        : this(tenant, [new DeploymentDiagnostic { Rule = rule, Message = message }], inner)
    {
    }

    /// <summary>The tenant that was to be deployed.</summary>
    public string Tenant { get; }

    /// <summary>All the reasons; at least one.</summary>
    public IReadOnlyList<DeploymentDiagnostic> Diagnostics { get; }

    private static string Describe(string tenant, IReadOnlyList<DeploymentDiagnostic> diagnostics) =>
        $"Tenant '{tenant}' was not deployed: {string.Join(Environment.NewLine, diagnostics.Take(Shown))}"
        + (diagnostics.Count > Shown ? $"{Environment.NewLine}and {diagnostics.Count - Shown} more." : null);
}
