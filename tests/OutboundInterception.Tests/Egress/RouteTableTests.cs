namespace OutboundInterception.Tests;

internal sealed class RouteTableTests
{
    [TestCase("api.example.com", "http://127.0.0.1:5081", "api.example.com", ExpectedResult = "False 127.0.0.1 5081")]
    [TestCase("API.example.com.", "https://127.0.0.1/", "api.example.com", ExpectedResult = "True 127.0.0.1 443")]
    [TestCase("b\u00FCcher.example.com", "http://localhost:81", "xn--bcher-kva.example.com", ExpectedResult = "False localhost 81")]
    [TestCase("::1", "http://[::1]:5081", "::1", ExpectedResult = "False ::1 5081")]
    [TestCase("[::2]", "http://[::1]:5081", "::2", ExpectedResult = "False ::1 5081")]
    public string Create_HostAndBaseAddress_FindsTheTarget(string host, string endpoint, string canonical)
    {
        bool isFound = RouteTable.Create([new(host, endpoint)]).TryFind(canonical, out RouteTarget? target);

        Assert.That(isFound, Is.True);
        return $"{target!.IsSecure} {target.Host.Name} {target.Port}";
    }

    [TestCase("")]
    [TestCase("*.example.com")]
    [TestCase("https://example.com")]
    [TestCase("example.com:443")]
    [TestCase("example.com:80")]
    [TestCase("example.com/a")]
    [TestCase("user@example.com")]
    [TestCase("[::1]:80")]
    public void Create_KeyIsNoHost_SaysWhatAKeyIs(string host)
    {
        Assert.That(
            () => RouteTable.Create([new(host, "http://127.0.0.1:5081")]),
            Throws.ArgumentException.With.Message.Contains("a host alone"));
    }

    [TestCase("")]
    [TestCase("127.0.0.1:5081")]
    [TestCase("ftp://127.0.0.1/")]
    [TestCase("http://127.0.0.1:5081/path")]
    [TestCase("http://127.0.0.1:5081/?")]
    [TestCase("http://user@127.0.0.1:5081")]
    public void Create_EndpointIsNoBaseAddress_SaysWhatAnEndpointIs(string endpoint)
    {
        Assert.That(
            () => RouteTable.Create([new("example.com", endpoint)]),
            Throws.ArgumentException.With.Message.Contains("of host and port alone"));
    }

    [Test]
    public void Create_OneHostTwice_SaysSo()
    {
        Assert.That(
            () => RouteTable.Create([new("example.com", "http://127.0.0.1:1"), new("EXAMPLE.com.", "http://127.0.0.1:2")]),
            Throws.ArgumentException.With.Message.Contains("has a route already"));
    }
}
