// EXPECT: allow | category: benign
// incremental hash, AES-GCM, RSA, ECDsa, HKDF, PBKDF2
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Security.Cryptography;
namespace Allow.N421;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); using var h = IncrementalHash.CreateHash(HashAlgorithmName.SHA256); h.AppendData([1]); _ = h.GetHashAndReset(); using var g = new AesGcm(new byte[32], 16); using var rsa = RSA.Create(2048); _ = rsa.SignData([1], HashAlgorithmName.SHA256, RSASignaturePadding.Pss); _ = HKDF.DeriveKey(HashAlgorithmName.SHA256, new byte[32], 32); _ = Rfc2898DeriveBytes.Pbkdf2("p", new byte[8], 1000, HashAlgorithmName.SHA256, 32); using var hm = new HMACSHA512([1]); _ = hm.ComputeHash([1]); using var sha = SHA256.Create(); _ = await sha.ComputeHashAsync(new System.IO.MemoryStream(), ct); using var cs = new CryptoStream(new System.IO.MemoryStream(), sha, CryptoStreamMode.Write); _ = RandomNumberGenerator.GetInt32(10) + RandomNumberGenerator.GetHexString(8); rsa.ImportFromPem("x");
        return new HttpResponseMessage();
    }
}

