// EXPECT: allow | category: benign
// encodings, runes, normalisation, culture, Utf8, CompositeFormat, SearchValues
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text; using System.Globalization; using System.Buffers;
namespace Allow.N422;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Encoding.UTF8.GetBytes("x").Length + Encoding.Latin1.GetString([65]).Length; foreach (var r in "é😀".EnumerateRunes()) _ = Rune.IsLetter(r); _ = "é".Normalize(NormalizationForm.FormD); _ = 1.5.ToString("C", CultureInfo.GetCultureInfo("de-DE")); _ = string.Format(CultureInfo.InvariantCulture, CompositeFormat.Parse("{0}"), 1); _ = "a,b".AsSpan().IndexOfAny(SV); foreach (var part in "a,b".AsSpan().Split((char)44)) _ = part.Start.Value; ReadOnlySpan<byte> u = "abc"u8; _ = u.Length; _ = Ascii.IsValid("x"); _ = "abc".Equals("ABC", StringComparison.OrdinalIgnoreCase) && "abc".Split((char)98, StringSplitOptions.TrimEntries).Length > 1; _ = Convert.FromHexString("00").Length; _ = CultureInfo.CurrentCulture.Name; _ = char.IsAsciiDigit((char)49);
        return new HttpResponseMessage();
    }
    private static readonly SearchValues<char> SV = SearchValues.Create(",;");
}

