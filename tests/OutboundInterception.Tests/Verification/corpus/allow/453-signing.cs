// EXPECT: allow | category: benign
// a signed request: HMAC, hashes, comparison in constant time
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Security.Cryptography; using System.Text;
namespace Allow.N453;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); byte[] key = RandomNumberGenerator.GetBytes(32); using var hmac = new HMACSHA256(key); byte[] mac = hmac.ComputeHash(Encoding.UTF8.GetBytes("body")); byte[] again = HMACSHA256.HashData(key, "body"u8); _ = CryptographicOperations.FixedTimeEquals(mac, again); request.Headers.TryAddWithoutValidation("X-Signature", Convert.ToBase64String(mac)); _ = Convert.ToHexStringLower(SHA256.HashData("a"u8)); using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256); hash.AppendData(key); _ = hash.GetHashAndReset(); using var rsa = RSA.Create(2048); _ = rsa.SignData(key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1); using var gcm = new AesGcm(key, 16);
        return new HttpResponseMessage();
    }
}
