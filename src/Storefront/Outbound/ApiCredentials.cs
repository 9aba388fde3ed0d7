using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OutboundInterception;

namespace Storefront;

/// <summary>Signs calls to api.example.com with a token for the customer of the dispatch, which the tenant never sees.</summary>
public sealed class ApiCredentials : IOutboundWorker, IDisposable
{
    public static readonly OutboundParameter<Customer> Customer = new("customer");

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly JsonWebTokenHandler _tokens = new();

    public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.Host == "api.example.com")
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Sign(context.Get(Customer)));
        }

        return context.SendAsync(request, cancellationToken);
    }

    public void Dispose() => _key.Dispose();

    private string Sign(Customer customer) => _tokens.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = "storefront",
        Audience = "https://api.example.com",
        Claims = new Dictionary<string, object> { ["sub"] = customer.Id, ["plan"] = customer.Plan },
        Expires = DateTime.UtcNow.AddMinutes(5),
        SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(_key), SecurityAlgorithms.EcdsaSha256),
    });
}
