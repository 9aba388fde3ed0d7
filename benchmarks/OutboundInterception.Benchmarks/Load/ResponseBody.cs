using System.Buffers;

namespace OutboundInterception.Benchmarks;

internal static class ResponseBody
{
    /// <summary>Reads a body to its end, and keeps nothing.</summary>
    public static async Task<long> ReadAsync(HttpResponseMessage response)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        Stream body = await response.Content.ReadAsStreamAsync();
        long total = 0;
        int count;
        while ((count = await body.ReadAsync(buffer)) > 0)
        {
            total += count;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return total;
    }
}
