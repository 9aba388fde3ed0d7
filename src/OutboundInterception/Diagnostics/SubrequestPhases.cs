namespace OutboundInterception;

/// <summary>
/// Where the time of a subrequest went; together they are its <see cref="SubrequestRecord.Duration"/>. When it was sent several
/// times, <see cref="Connect"/> and <see cref="Headers"/> are those of the last attempt.
/// </summary>
/// <param name="Queue">Between the last outbound worker and the connections: the host's handlers, limiters, earlier attempts and the pauses between them.</param>
/// <param name="Worker">Policy and outbound workers, on the way out and back.</param>
/// <param name="Connect">Resolving, connecting and TLS, where a connection was opened for it; else zero.</param>
/// <param name="Headers">Sending it, and waiting for the headers of the response.</param>
/// <param name="Body">From the headers until the body had been read or disposed.</param>
public sealed record SubrequestPhases(TimeSpan Queue, TimeSpan Worker, TimeSpan Connect, TimeSpan Headers, TimeSpan Body);
