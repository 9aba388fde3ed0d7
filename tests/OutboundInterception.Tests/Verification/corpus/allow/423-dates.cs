// EXPECT: allow | category: benign
// DateTime, DateOnly, TimeZoneInfo, Guid, Stopwatch, Version, Random, HashCode
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N423;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = DateTime.UtcNow.AddDays(1).ToString("O") + DateTimeOffset.Parse("2020-01-01Z").ToUnixTimeSeconds(); _ = DateOnly.FromDateTime(DateTime.Today) > DateOnly.MinValue; _ = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, TimeZoneInfo.Utc); _ = Guid.NewGuid().ToString("N") + Guid.CreateVersion7(); var sw = System.Diagnostics.Stopwatch.StartNew(); _ = sw.Elapsed + System.Diagnostics.Stopwatch.GetElapsedTime(0); _ = Version.Parse("1.2") < new Version(2, 0); Random.Shared.Shuffle(new[] { 1, 2 }); var hc = new HashCode(); hc.Add(1); _ = hc.ToHashCode() + HashCode.Combine(1, 2); _ = TimeSpan.FromMinutes(3).TotalSeconds; _ = Environment.TickCount64 + Environment.NewLine.Length;
        return new HttpResponseMessage();
    }
}

