using System.Diagnostics;
using System.Text;

namespace OutboundInterception;

/// <summary>One header as it is sent, and what of it must not come back. Immutable.</summary>
[DebuggerDisplay("{ToString(),nq}")]
internal sealed class IssuedCredential
{
    private IssuedCredential(string header, string value, IEnumerable<string> secrets)
    {
        Header = header;
        Value = value;
        Secrets = new SecretPatterns(secrets);
    }

    public string Header { get; }

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string Value { get; }

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public SecretPatterns Secrets { get; }

    public static IssuedCredential OfHeader(string name, string value) => new(name, value, [value, .. value.Split(' ')]);

    public static IssuedCredential OfBearer(string token) => new("Authorization", $"Bearer {token}", [token]);

    public static IssuedCredential OfBasic(string userName, string password)
    {
        // Without its padding, which some leave away.
        string pair = $"{userName}:{password}";
        string encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));
        return new("Authorization", $"Basic {encoded}", [encoded.TrimEnd('='), pair, password]);
    }

    public static bool IsValidValue(string value) => !string.IsNullOrWhiteSpace(value) && HeaderRules.IsValidValue(value);

    public void Apply(HttpRequestMessage request)
    {
        request.Headers.Remove(Header);
        request.Headers.TryAddWithoutValidation(Header, Value);
    }

    public override string ToString() => $"{Header}: [secret]";
}
