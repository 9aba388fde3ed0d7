// EXPECT: allow | category: benign
// numbers, dates and formats
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Globalization; using System.Numerics; using System.Diagnostics;
namespace Allow.N452;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = BigInteger.Pow(2, 100).ToString(CultureInfo.InvariantCulture); _ = Math.Clamp(Math.Round(2.5m, MidpointRounding.ToEven), 1, 3); _ = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + TimeProvider.System.GetTimestamp(); _ = DateOnly.ParseExact("2025-01-02", "yyyy-MM-dd", CultureInfo.InvariantCulture).AddDays(1); _ = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")); _ = Convert.ToHexString(Guid.CreateVersion7().ToByteArray()); _ = Convert.ToInt32("12", CultureInfo.InvariantCulture); _ = int.TryParse("1", NumberStyles.Integer, CultureInfo.InvariantCulture, out int _); _ = 1.5.ToString("F2", new CultureInfo("de-DE")); _ = Int128.MaxValue > 1; var watch = Stopwatch.StartNew(); _ = watch.Elapsed + Stopwatch.GetElapsedTime(0);
        return new HttpResponseMessage();
    }
}
