namespace OutboundInterception;

/// <summary>What an observer wants to have in records beyond what costs nothing. What no observer wants is not measured.</summary>
[Flags]
public enum RecordDetail
{
    /// <summary>What every record has.</summary>
    None = 0,

    /// <summary><see cref="SubrequestRecord.Phases"/> and <see cref="SubrequestRecord.Address"/>.</summary>
    Phases = 1,

    /// <summary><see cref="SubrequestRecord.RequestHeaders"/> and <see cref="SubrequestRecord.ResponseHeaders"/>.</summary>
    Headers = 2,
}
