using System.Diagnostics;

namespace OutboundInterception;

/// <summary>Begins and ends spans.</summary>
internal static class Spans
{
    /// <summary>Begins the span of a subrequest, as a child of its dispatch's: a tenant cannot move it into another trace.</summary>
    /// <returns><see langword="null"/> unless somebody listens and wants it. It is the current one for outbound workers.</returns>
    public static Activity? StartSubrequest(ActiveDispatch dispatch, HttpMethod method, Uri? uri)
    {
        if (!OutboundTelemetry.Source.HasListeners())
        {
            return null;
        }

        // What a sampler may ask for; the rest comes at the end.
        string name = NamespaceTelemetry.MethodName(method.Method);
        List<KeyValuePair<string, object?>> tags = [new("http.request.method", name)];
        if (uri is { IsAbsoluteUri: true })
        {
            tags.Add(new("server.address", RecordRedactor.Host(uri.Host.Trim('[', ']'))));
            tags.Add(new("server.port", uri.Port));
        }

        ActivityContext parent = (dispatch.Span ?? Activity.Current)?.Context ?? default;
        return OutboundTelemetry.Source.StartActivity(name == TelemetryOptions.Other ? "HTTP" : name, ActivityKind.Client, parent, tags);
    }

    public static void EndSubrequest(Activity span, SubrequestRecord record)
    {
        if (span.IsAllDataRequested)
        {
            Describe(span, record);
        }

        Stop(span);
    }

    public static Activity? StartDispatch(ActiveDispatch dispatch)
    {
        Activity? span = OutboundTelemetry.Source.HasListeners() ? OutboundTelemetry.Source.StartActivity("dispatch") : null;
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("outbound.namespace", dispatch.Namespace).SetTag("outbound.tenant", dispatch.Tenant).SetTag("outbound.dispatch.id", dispatch.Id);
        }

        return span;
    }

    public static void EndDispatch(Activity span, ActiveDispatch dispatch, int status, string? error)
    {
        if (span.IsAllDataRequested)
        {
            span.SetTag("outbound.subrequests", dispatch.Budget.Subrequests);
            Set(span, "http.response.status_code", status == 0 ? null : status);
            Set(span, "error.type", error);
            if (error is not null)
            {
                span.SetStatus(ActivityStatusCode.Error);
            }
        }

        Stop(span);
    }

    private static void Describe(Activity span, SubrequestRecord record)
    {
        if (record.Scheme.Length > 0)
        {
            span.SetTag("server.address", record.Host).SetTag("url.full", record.Url);
        }

        if (NamespaceTelemetry.MethodName(record.Method) == TelemetryOptions.Other)
        {
            span.SetTag("http.request.method_original", record.Method);
        }

        span.SetTag("outbound.namespace", record.Namespace)
            .SetTag("outbound.tenant", record.Tenant)
            .SetTag("outbound.dispatch.id", record.DispatchId)
            .SetTag("outbound.hop", record.Hop)
            .SetTag("outbound.decision", EnumNames<SubrequestDecision>.Of(record.Decision))
            .SetTag("http.request.body.size", record.RequestBytes)
            .SetTag("http.response.body.size", record.ResponseBytes);
        Set(span, "http.response.status_code", record.Status);
        Set(span, "http.request.resend_count", record.Retries == 0 ? null : record.Retries);
        Set(span, "network.protocol.version", record.ProtocolVersion is { } version ? version.Major >= 2 ? $"{version.Major}" : $"{version}" : null);
        Set(span, "network.peer.address", record.Address?.Address.ToString());
        Set(span, "network.peer.port", record.Address?.Port);
        Set(span, "outbound.rule", record.RuleId);
        Set(span, "outbound.mode", record.Mode is { } mode ? EnumNames<PolicyMode>.Of(mode) : null);
        Set(span, "outbound.would_block", record.WouldBlock ? true : null);
        Set(span, "outbound.worker", record.Worker);
        if (NamespaceTelemetry.ErrorType(record) is { } error)
        {
            span.SetTag("error.type", error).SetStatus(ActivityStatusCode.Error);
        }
    }

    private static void Set(Activity span, string name, object? value)
    {
        if (value is not null)
        {
            span.SetTag(name, value);
        }
    }

    // Stopping makes current what was so when the span began; whoever reads a body last is somewhere else by then.
    private static void Stop(Activity span)
    {
        Activity? current = Activity.Current;
        span.Stop();
        if (!ReferenceEquals(current, span))
        {
            Activity.Current = current;
        }
    }
}
