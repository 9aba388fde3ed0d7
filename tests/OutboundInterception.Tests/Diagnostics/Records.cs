namespace OutboundInterception.Tests.Diagnostics;

/// <summary>Records that were never requests.</summary>
internal static class Records
{
    public static SubrequestRecord Make(string tenant = "tenant", int number = 1, string path = "/orders") => new()
    {
        Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Namespace = "test",
        Tenant = tenant,
        DispatchId = "1-1",
        Number = number,
        Method = "GET",
        Scheme = "https",
        Host = "api.example.com",
        Port = 443,
        Path = path,
        Decision = SubrequestDecision.Sent,
        Status = 200,
        RequestBytes = 1,
        ResponseBytes = 2,
        Duration = TimeSpan.FromMilliseconds(3),
    };
}
