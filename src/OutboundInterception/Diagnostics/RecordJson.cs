using System.Text.Json;

namespace OutboundInterception;

/// <summary>A record as JSON. The names are the schema's, and are not to change with those of the members.</summary>
internal static class RecordJson
{
    public static void Write(Utf8JsonWriter writer, SubrequestRecord record)
    {
        writer.WriteStartObject();
        writer.WriteNumber("v"u8, SubrequestRecord.SchemaVersion);
        writer.WriteString("time"u8, record.Time);
        writer.WriteString("namespace"u8, record.Namespace);
        writer.WriteString("tenant"u8, record.Tenant);
        writer.WriteString("dispatch"u8, record.DispatchId);
        writer.WriteNumber("number"u8, record.Number);
        writer.WriteNumber("hop"u8, record.Hop);
        writer.WriteString("method"u8, record.Method);
        writer.WriteString("scheme"u8, record.Scheme);
        writer.WriteString("host"u8, record.Host);
        writer.WriteNumber("port"u8, record.Port);
        writer.WriteString("path"u8, record.Path);
        writer.WriteString("decision"u8, Name(record.Decision));
        WriteOptional(writer, "rule"u8, record.RuleId);
        WriteOptional(writer, "reason"u8, record.Reason);
        WriteOptional(writer, "mode"u8, record.Mode is { } mode ? Name(mode) : null);
        if (record.WouldBlock)
        {
            writer.WriteBoolean("wouldBlock"u8, true);
        }

        WriteOptional(writer, "worker"u8, record.Worker);
        if (record.Status is { } status)
        {
            writer.WriteNumber("status"u8, status);
        }

        WriteOptional(writer, "failure"u8, record.Failure is { } failure ? Name(failure) : null);
        WriteOptional(writer, "exception"u8, record.ExceptionType);
        writer.WriteNumber("requestBytes"u8, record.RequestBytes);
        writer.WriteNumber("responseBytes"u8, record.ResponseBytes);
        WriteDuration(writer, "durationMs"u8, record.Duration);
        if (record.Phases is { } phases)
        {
            WriteDuration(writer, "queueMs"u8, phases.Queue);
            WriteDuration(writer, "workerMs"u8, phases.Worker);
            WriteDuration(writer, "connectMs"u8, phases.Connect);
            WriteDuration(writer, "headersMs"u8, phases.Headers);
            WriteDuration(writer, "bodyMs"u8, phases.Body);
        }

        writer.WriteNumber("retries"u8, record.Retries);
        WriteOptional(writer, "address"u8, record.Address?.ToString());
        WriteOptional(writer, "protocol"u8, record.ProtocolVersion?.ToString());
        WriteOptional(writer, "traceId"u8, record.TraceId);
        WriteOptional(writer, "spanId"u8, record.SpanId);
        WriteHeaders(writer, "requestHeaders"u8, record.RequestHeaders);
        WriteHeaders(writer, "responseHeaders"u8, record.ResponseHeaders);
        writer.WriteEndObject();
    }

    /// <summary>An enumeration's member as the schema writes it: in camelCase.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static void WriteOptional(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteDuration(Utf8JsonWriter writer, ReadOnlySpan<byte> name, TimeSpan duration) =>
        writer.WriteNumber(name, Math.Round(duration.TotalMilliseconds, 3));

    private static void WriteHeaders(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<RecordedHeader>? headers)
    {
        if (headers is null)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (RecordedHeader header in headers)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, header.Name);
            WriteOptional(writer, "value"u8, header.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
