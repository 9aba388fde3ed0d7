using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace OutboundInterception;

/// <summary>Records as JSON, with where to go on reading.</summary>
internal static class RecordPage
{
    public static async Task WriteAsync(HttpContext http, IReadOnlyList<SubrequestRecord> records, long next)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        await using Utf8JsonWriter writer = new(http.Response.BodyWriter);
        Write(writer, records, next, 0);
        await writer.FlushAsync(http.RequestAborted);
    }

    public static void Write(Utf8JsonWriter writer, IReadOnlyList<SubrequestRecord> records, long? next, long skipped)
    {
        writer.WriteStartObject();
        if (next is { } place)
        {
            writer.WriteNumber("next"u8, place);
        }

        writer.WriteNumber("skipped"u8, skipped);
        writer.WriteStartArray("records"u8);
        foreach (SubrequestRecord record in records)
        {
            record.WriteTo(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
