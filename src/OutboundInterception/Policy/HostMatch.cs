namespace OutboundInterception;

/// <summary>Which host pattern a rule matched by, kept as a number until somebody wants to read it.</summary>
/// <param name="Depth">The labels of the pattern; 0 for an address, -1 for every host, -2 for none.</param>
internal readonly record struct HostMatch(int Depth)
{
    public static HostMatch None => new(-2);

    public string? Describe(in CanonicalHost host)
    {
        if (Depth < 1)
        {
            return Depth switch
            {
                0 => host.Name,
                -1 => "**",
                _ => null,
            };
        }

        int start = host.Name.Length;
        for (int label = 0; label < Depth; label++)
        {
            start = host.Name.LastIndexOf('.', start - 1);
        }

        return start < 0 ? host.Name : $"*{host.Name[start..]}";
    }
}
