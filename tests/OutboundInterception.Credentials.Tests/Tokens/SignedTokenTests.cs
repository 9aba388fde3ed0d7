using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OutboundInterception.Tests;

namespace OutboundInterception.Credentials.Tests;

[CancelAfter(60_000)]
internal sealed class SignedTokenTests
{
    [Test]
    public async Task Fetch_TokenIsSignedForTheDispatch_ValidatesWithItsClaimsAndTimes()
    {
        DateTimeOffset now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
        OutboundParameter<string> customer = new("customer");
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECDsaSecurityKey securityKey = new(key);
        await using Echo echo = await Echo.StartAsync();
        await using Platform platform = Platform.Create(
            echo.Origin,
            (_, context, token) => context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token),
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(now));
                builder.AddOutboundParameters(customer).AddCredentials(
                    Credential.SignedToken(new SignedTokenOptions
                    {
                        Issuer = "storefront",
                        Audience = "https://api.example.com",
                        Lifetime = TimeSpan.FromMinutes(2),
                        SigningCredentials = new SigningCredentials(securityKey, SecurityAlgorithms.EcdsaSha256),
                        Claims = context => new Dictionary<string, object> { ["sub"] = context.Outbound.Get(customer), ["tenant"] = context.Outbound.Tenant },
                    }),
                    "api.example.com");
            });

        string body = await platform.GetStringAsync(new DispatchOptions().With(customer, "acme"));
        string token = echo.Seen.Single()["api.example.com Bearer ".Length..];
        TokenValidationResult result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = "storefront",
            ValidAudience = "https://api.example.com",
            IssuerSigningKey = securityKey,
            LifetimeValidator = (from, to, _, _) => from == now.UtcDateTime && to == now.UtcDateTime.AddMinutes(2),
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.IsValid, Is.True, result.Exception?.Message);
            Assert.That((result.Claims["sub"], result.Claims["tenant"]), Is.EqualTo(("acme", "tenant")));
            Assert.That(body, Does.Not.Contain(token[^20..]));
        }
    }

    [Test]
    public void SignedToken_WithoutKeyAudienceOrSensibleLifetime_IsRefused()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        SigningCredentials signing = new(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Credential.SignedToken(new SignedTokenOptions { Issuer = "a", Audience = "b" }), Throws.ArgumentNullException);
            Assert.That(() => Credential.SignedToken(new SignedTokenOptions { Issuer = "a", Audience = "", SigningCredentials = signing }), Throws.ArgumentException);
            Assert.That(() => Credential.SignedToken(new SignedTokenOptions { Issuer = "a", Audience = "b", SigningCredentials = signing, Lifetime = TimeSpan.Zero }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        }
    }
}
