namespace OutboundInterception;

/// <summary>
/// Turns what went wrong into what a tenant is told. Deciders fail closed here: whatever left a worker, nothing was let
/// through, and the tenant learns no more than it may.
/// </summary>
internal static class SubrequestFailure
{
    public static Exception Tell(
        Exception exception,
        ActiveDispatch dispatch,
        Exception? bodyFailure,
        Task? lastSend,
        OutboundChain chain,
        ref SubrequestTrace trace,
        CancellationToken callers)
    {
        trace.Fail(bodyFailure ?? exception);
        if (bodyFailure is not null)
        {
            return bodyFailure;
        }

        switch (exception)
        {
            case DispatchEndedException:
                return exception;
            case InvalidSubrequestException or DispatchLimitException:
                trace.Decision = trace.WasSent ? trace.Decision : SubrequestDecision.Rejected;
                return exception;
            case RawSocketDeniedException:
                trace.Block("raw-socket", "No outbound worker handles sockets.");
                return exception;
            case OutboundRejectedException rejected when lastSend is { IsFaulted: true } && ReferenceEquals(lastSend.Exception!.InnerException, rejected):
                trace.Decision = trace.WasSent ? trace.Decision : SubrequestDecision.Rejected;
                Log.Rejected(dispatch.Home.Logger, dispatch.Namespace, dispatch.Tenant, dispatch.Id, rejected.Host, rejected.Rejection);
                return exception;
            case OutboundBlockedException:
                trace.Refuse();
                Log.Blocked(dispatch.Home.Logger, dispatch.Namespace, dispatch.Tenant, dispatch.Id, trace.Host, trace.RuleId, trace.Reason);
                return exception;
            case AddressBlockedException blocked:
                trace.Block("address-guard", blocked.Message);
                Log.Blocked(dispatch.Home.Logger, dispatch.Namespace, dispatch.Tenant, dispatch.Id, trace.Host, "address-guard", blocked.Message);
                return new OutboundBlockedException(trace.Host ?? string.Empty);
        }

        if (dispatch.HasExpired || dispatch.WasKilled)
        {
            return dispatch.Cancelled(exception as OperationCanceledException, callers);
        }

        if (callers.IsCancellationRequested || (exception is OperationCanceledException && dispatch.IsOver))
        {
            return exception is OperationCanceledException cancelled && cancelled.CancellationToken == callers
                ? exception
                : new TaskCanceledException(null, null, callers.IsCancellationRequested ? callers : new CancellationToken(canceled: true));
        }

        bool fromOrigin = lastSend is { IsFaulted: true } && ReferenceEquals(lastSend.Exception!.InnerException, exception);
        string reference = $"{dispatch.Id}-{trace.Number:x}";
        if (fromOrigin)
        {
            Log.OriginFailed(dispatch.Home.Logger, exception, dispatch.Namespace, dispatch.Tenant, reference, trace.Host);
        }
        else
        {
            trace.Decision = SubrequestDecision.Failed;
            Log.WorkerFailed(dispatch.Home.Logger, exception, dispatch.Namespace, dispatch.Tenant, reference, trace.Host);
        }

        // One error for all that goes wrong before an answer: which it was would map the network behind the platform.
        // But for a server that speaks no WebSockets over HTTP/2, which the client then tries over HTTP/1.1.
        HttpRequestError error = !fromOrigin ? HttpRequestError.Unknown
            : exception is HttpRequestException { HttpRequestError: HttpRequestError.ExtendedConnectNotSupported } ? HttpRequestError.ExtendedConnectNotSupported
            : HttpRequestError.ConnectionError;
        string message = fromOrigin ? "The origin could not be reached, or broke off." : "The platform could not handle this request.";
        return new OutboundException(error, chain.ExposesErrors ? $"{message} {exception.Message}" : message, reference, chain.ExposesErrors ? exception : null);
    }

    public static InvalidSubrequestException Refused(OutboundUri target) => target.Problem switch
    {
        OutboundUriProblem.Scheme => new(SubrequestProblem.Scheme, "Only http and https URLs can be fetched."),
        OutboundUriProblem.UserInfo => new(SubrequestProblem.UserInfo, "The URL has a user name or password in it. Send credentials in a header."),
        OutboundUriProblem.Port => new(SubrequestProblem.Port, "The URL has another port than its scheme's own, which the platform does not allow."),
        _ => new(SubrequestProblem.Url, $"The URL is not one that can be fetched ({target.Reason}). Give an absolute http or https URL of at most 16 KiB, in ASCII, without spaces, backslashes or a dot after the host."),
    };
}
