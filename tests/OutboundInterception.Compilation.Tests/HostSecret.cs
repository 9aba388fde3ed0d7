namespace OutboundInterception.Compilation.Tests;

/// <summary>What a tenant's references must not lead to.</summary>
public static class HostSecret
{
    public static string Value => "secret";
}
