using System.Diagnostics;
using System.Net;

namespace OutboundInterception;

/// <summary>What a dispatch's span and measurement are made of. There is none unless somebody wants either.</summary>
internal sealed class DispatchTrace
{
    private readonly Activity? _span;
    private readonly long _start;
    private string? _error;
    private short _status;

    private DispatchTrace(Activity? span, long start)
    {
        _span = span;
        _start = start;
    }

    /// <summary>The dispatch's span, if somebody wants one; it stays the parent of what comes after its end.</summary>
    public Activity? Span => _span;

    public static DispatchTrace? Begin(ActiveDispatch dispatch)
    {
        Activity? span = null;
        try
        {
            span = Spans.StartDispatch(dispatch);
        }
        catch (Exception exception)
        {
            Log.ListenerFailed(dispatch.Home.Logger, exception, dispatch.Namespace);
        }

        bool measures = dispatch.Home.Telemetry.MeasuresDispatches;
        return span is null && !measures ? null : new DispatchTrace(span, measures ? dispatch.Home.Time.GetTimestamp() : 0);
    }

    public void Answer(HttpStatusCode status) => _status = (short)status;

    public void Fail(Exception exception) => _error ??= exception switch
    {
        DispatchLimitException => EnumNames<FailureKind>.Of(FailureKind.Limit),
        OperationCanceledException => EnumNames<FailureKind>.Of(FailureKind.Cancelled),
        _ => exception.GetType().FullName,
    };

    /// <summary>Called once.</summary>
    public void End(ActiveDispatch dispatch)
    {
        string? error = dispatch.HasExpired ? EnumNames<FailureKind>.Of(FailureKind.Deadline)
            : dispatch.WasKilled ? EnumNames<FailureKind>.Of(FailureKind.Killed)
            : _error;
        try
        {
            if (_start != 0)
            {
                dispatch.Home.Telemetry.MeasureDispatch(dispatch, dispatch.Home.Time.GetElapsedTime(_start), _status, error);
            }

            if (_span is not null)
            {
                Spans.EndDispatch(_span, dispatch, _status, error);
            }
        }
        catch (Exception exception)
        {
            // Fails silent, as observers do: the dispatch ends all the same.
            Log.ListenerFailed(dispatch.Home.Logger, exception, dispatch.Namespace);
        }
    }
}
