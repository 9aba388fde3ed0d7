using System.Diagnostics;
using System.Net;

namespace OutboundInterception;

/// <summary>What a dispatch's span and measurement are made of. Mutable: a field of the dispatch, never copied.</summary>
internal struct DispatchTrace
{
    private Activity? _span;
    private long _start;
    private string? _error;
    private short _status;

    /// <summary>The dispatch's span, if somebody wants one; it stays the parent of what comes after its end.</summary>
    public readonly Activity? Span => _span;

    public void Begin(ActiveDispatch dispatch)
    {
        _span = Spans.StartDispatch(dispatch);
        if (dispatch.Home.Telemetry.MeasuresDispatches)
        {
            _start = dispatch.Home.Time.GetTimestamp();
        }
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
        if (_span is null && _start == 0)
        {
            return;
        }

        string? error = dispatch.HasExpired ? EnumNames<FailureKind>.Of(FailureKind.Deadline)
            : dispatch.WasKilled ? EnumNames<FailureKind>.Of(FailureKind.Killed)
            : _error;
        if (_start != 0)
        {
            dispatch.Home.Telemetry.MeasureDispatch(dispatch, dispatch.Home.Time.GetElapsedTime(_start), _status, error);
        }

        if (_span is not null)
        {
            Spans.EndDispatch(_span, dispatch, _status, error);
        }
    }
}
