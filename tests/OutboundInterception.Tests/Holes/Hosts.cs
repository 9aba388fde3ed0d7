namespace OutboundInterception.Tests.Holes;

/// <summary>The names of these tests. All are loopback, so what keeps one from being reached is never the network.</summary>
internal static class Hosts
{
    /// <summary>What tenants may reach.</summary>
    public const string Allowed = "allowed.test";

    /// <summary>What nobody allowed.</summary>
    public const string Internal = "internal.test";

    public static string AllowedUrl(int port, string path = "/") => $"http://{Allowed}:{port}{path}";

    public static string InternalUrl(int port, string path = "/") => $"http://{Internal}:{port}{path}";
}
