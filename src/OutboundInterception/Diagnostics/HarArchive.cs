using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json;

namespace OutboundInterception;

/// <summary>
/// Writes records as an HTTP archive (HAR 1.2), which browsers' developer tools and proxies read. It has no bodies, and of URLs
/// and headers what the records have: for a header whose value is not recorded, the value is <c>(not recorded)</c>.
/// </summary>
public static class HarArchive
{
    private static readonly string s_version = typeof(HarArchive).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>Writes an archive.</summary>
    /// <param name="stream">Stays open.</param>
    /// <param name="records">The records, of which those without an absolute URL are left out: the format has no place for them.</param>
    /// <param name="cancellationToken">Leaves a part of an archive behind.</param>
    public static async Task WriteAsync(Stream stream, IEnumerable<SubrequestRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(records);
        Utf8JsonWriter writer = new(stream);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("log"u8);
            writer.WriteString("version"u8, "1.2"u8);
            writer.WriteStartObject("creator"u8);
            writer.WriteString("name"u8, nameof(OutboundInterception));
            writer.WriteString("version"u8, s_version);
            writer.WriteEndObject();
            writer.WriteStartArray("entries"u8);
            foreach (SubrequestRecord record in records.Where(static record => record.Scheme.Length > 0))
            {
                WriteEntry(writer, record);

                // A long selection is not held in memory.
                await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
    }

    private static void WriteEntry(Utf8JsonWriter writer, SubrequestRecord record)
    {
        writer.WriteStartObject();
        writer.WriteString("startedDateTime"u8, record.Time);
        writer.WriteNumber("time"u8, Math.Round(record.Duration.TotalMilliseconds, 3));
        WriteRequest(writer, record);
        WriteResponse(writer, record);
        writer.WriteStartObject("cache"u8);
        writer.WriteEndObject();
        WriteTimings(writer, record);
        if (record.Address is { } address)
        {
            writer.WriteString("serverIPAddress"u8, address.Address.ToString());
        }

        // Names that begin with an underscore are the format's place for what is our own.
        writer.WritePropertyName("_outbound"u8);
        record.WriteTo(writer);
        writer.WriteEndObject();
    }

    private static void WriteRequest(Utf8JsonWriter writer, SubrequestRecord record)
    {
        writer.WriteStartObject("request"u8);
        writer.WriteString("method"u8, record.Method);
        writer.WriteString("url"u8, record.Url);
        WriteMessage(writer, record, record.RequestHeaders);
        writer.WriteStartArray("queryString"u8);
        int query = record.Path.IndexOf('?', StringComparison.Ordinal);
        foreach (string pair in query < 0 ? [] : record.Path[(query + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            WriteNameAndValue(writer, Uri.UnescapeDataString(equals < 0 ? pair : pair[..equals]), equals < 0 ? string.Empty : Uri.UnescapeDataString(pair[(equals + 1)..]));
        }

        writer.WriteEndArray();
        writer.WriteNumber("bodySize"u8, record.RequestBytes);
        writer.WriteEndObject();
    }

    private static void WriteResponse(Utf8JsonWriter writer, SubrequestRecord record)
    {
        // 0 and no text: there was no response.
        writer.WriteStartObject("response"u8);
        writer.WriteNumber("status"u8, record.Status ?? 0);
        writer.WriteString("statusText"u8, record.Status is { } status ? ((HttpStatusCode)status).ToString() : string.Empty);
        WriteMessage(writer, record, record.ResponseHeaders);
        writer.WriteStartObject("content"u8);
        writer.WriteNumber("size"u8, record.ResponseBytes);
        writer.WriteString("mimeType"u8, Find(record.ResponseHeaders, "Content-Type") ?? "application/octet-stream");
        writer.WriteEndObject();
        writer.WriteString("redirectURL"u8, ""u8);
        writer.WriteNumber("bodySize"u8, record.ResponseBytes);
        writer.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter writer, SubrequestRecord record, IReadOnlyList<RecordedHeader>? headers)
    {
        writer.WriteString("httpVersion"u8, record.ProtocolVersion is { } version ? string.Create(CultureInfo.InvariantCulture, $"HTTP/{version}") : "unknown");
        writer.WriteStartArray("cookies"u8);
        writer.WriteEndArray();
        writer.WriteStartArray("headers"u8);
        foreach (RecordedHeader header in headers ?? [])
        {
            WriteNameAndValue(writer, header.Name, header.Value ?? "(not recorded)");
        }

        writer.WriteEndArray();
        writer.WriteNumber("headersSize"u8, -1);
    }

    private static void WriteTimings(Utf8JsonWriter writer, SubrequestRecord record)
    {
        // Their sum is to be the entry's time, -1 apart, which says that something does not apply.
        SubrequestPhases? phases = record.Phases;
        writer.WriteStartObject("timings"u8);
        Write("blocked"u8, phases is null ? null : phases.Queue + phases.Worker);
        Write("dns"u8, null);
        Write("connect"u8, phases?.Connect > TimeSpan.Zero ? phases.Connect : null);
        Write("ssl"u8, null);
        Write("send"u8, TimeSpan.Zero);
        Write("wait"u8, phases?.Headers ?? record.Duration);
        Write("receive"u8, phases?.Body ?? TimeSpan.Zero);
        writer.WriteEndObject();

        void Write(ReadOnlySpan<byte> name, TimeSpan? time) =>
            writer.WriteNumber(name, time is { } known ? Math.Round(known.TotalMilliseconds, 3) : -1);
    }

    private static void WriteNameAndValue(Utf8JsonWriter writer, string name, string value)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, name);
        writer.WriteString("value"u8, value);
        writer.WriteEndObject();
    }

    private static string? Find(IReadOnlyList<RecordedHeader>? headers, string name) =>
        headers?.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
