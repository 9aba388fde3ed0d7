namespace OutboundInterception;

/// <summary>
/// What only the whole process can close to its tenants. The runtime reads it once at start, so it belongs into the program's
/// project: <c>&lt;OutboundHardenProcess&gt;true&lt;/OutboundHardenProcess&gt;</c>. Set in <c>Main</c> it comes too late.
/// </summary>
public static class OutboundProcess
{
    private static readonly ProcessSetting[] s_settings =
    [
        new("System.Diagnostics.Tracing.EventSource.IsSupported", "false", "EventSourceSupport", "an EventListener reads every request of the process, Authorization included"),
        new("System.Net.Http.EnableActivityPropagation", "false", "HttpActivityPropagationSupport", "a DiagnosticListener reads and rewrites the requests of the host's own HTTP clients"),
        new("System.Net.SocketsHttpHandler.Http3Support", "false", "Http3Support", "HTTP/3 connections pass by the check of addresses"),
        new("System.Xml.XmlResolver.IsNetworkingEnabledByDefault", "false", "XmlResolverIsNetworkingEnabledByDefault", "XmlReader.Create(url) and its like fetch"),
        new("System.Security.Cryptography.AiaDownloadLimit", "0", "OutboundAiaDownloadLimit", "checking a certificate fetches the URLs in it"),
    ];

    /// <summary>Says what the process was started without. Safe for use by several threads.</summary>
    /// <returns>
    /// Each setting of <c>OutboundHardenProcess</c> that is missing or says otherwise; empty if the process is as closed as it can
    /// be. What <see cref="AppContext.SetSwitch"/> sets does not count.
    /// </returns>
    public static IReadOnlyList<OutboundProcessGap> Check() => Check(AppContext.GetData);

    /// <param name="read">The value that a setting had when the process started.</param>
    internal static IReadOnlyList<OutboundProcessGap> Check(Func<string, object?> read)
    {
        List<OutboundProcessGap> gaps = [];
        foreach (ProcessSetting setting in s_settings)
        {
            string? actual = read(setting.Name)?.ToString();
            if (!string.Equals(actual, setting.Expected, StringComparison.OrdinalIgnoreCase))
            {
                gaps.Add(new OutboundProcessGap(setting.Name, setting.Expected, actual, setting.Property, setting.LeavesOpen));
            }
        }

        return gaps;
    }

    private sealed record ProcessSetting(string Name, string Expected, string Property, string LeavesOpen);
}
