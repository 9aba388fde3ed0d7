namespace OutboundInterception.Benchmarks;

internal sealed record HandWrittenRecord(HttpMethod Method, Uri? Uri, int Status, long ResponseBytes, TimeSpan Duration);
