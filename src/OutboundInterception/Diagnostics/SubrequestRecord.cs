using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace OutboundInterception;

/// <summary>
/// One subrequest from beginning to end, also if it never left; each redirect hop and each WebSocket handshake is one. Immutable.
/// It holds no header value but safe ones, no body, and of the URL what <see cref="RecordOptions"/> lets in.
/// </summary>
/// <remarks>As JSON its schema is <c>SubrequestRecordSchema.json</c> in the package; see <see cref="WriteTo"/>.</remarks>
public sealed record SubrequestRecord
{
    /// <summary>The version of the schema, which changes when a member is taken away or changes its meaning, not when one is added.</summary>
    public const int SchemaVersion = 1;

    private const sbyte None = -1;

    // Small on purpose, and the rare members apart: there is one record for each subrequest.
    private readonly RecordDetails? _details;
    private readonly DateTime _time;
    private readonly short _status;
    private readonly sbyte _mode = None;
    private readonly sbyte _failure = None;
    private readonly byte _decision;
    private readonly byte _version;

    /// <summary>When the tenant asked for it, in UTC.</summary>
    public required DateTimeOffset Time
    {
        get => new(_time, TimeSpan.Zero);
        init => _time = value.UtcDateTime;
    }

    /// <summary>The tenant's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The dispatch, by a name that is unique within the process.</summary>
    public string DispatchId
    {
        get => _details?.DispatchId ?? ActiveDispatch.FormatId(DispatchNumber);
        init => _details = (RecordDetails.Of(_details) with { DispatchId = value }).OrNull();
    }

    /// <summary>Which of the dispatch's subrequests it is, from 1; those that begin together may have the same.</summary>
    public int Number { get; init; } = 1;

    /// <summary>0 for what the tenant asked for, 1 for the first redirect that was followed, and so on.</summary>
    public int Hop { get; init; }

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>The scheme: <c>http</c>, <c>https</c>, or for a WebSocket <c>ws</c>, <c>wss</c>. Empty if there was no absolute URL.</summary>
    public required string Scheme { get; init; }

    /// <summary>The host as the policy saw it, an IPv6 address without brackets.</summary>
    public required string Host { get; init; }

    /// <summary>The port; -1 if there was none.</summary>
    public required int Port { get; init; }

    /// <summary>The path as far as <see cref="RecordOptions.Url"/> lets it be recorded, cut off at 1,024 characters.</summary>
    public required string Path { get; init; }

    /// <summary>The URL as the tenant asked for it, made of <see cref="Scheme"/>, <see cref="Host"/>, <see cref="Port"/> and <see cref="Path"/>.</summary>
    public string Url => Scheme.Length == 0 ? "(no absolute URL)" : $"{Scheme}://{Authority}{Path}";

    /// <summary>What became of it.</summary>
    public required SubrequestDecision Decision
    {
        get => (SubrequestDecision)_decision;
        init => _decision = (byte)value;
    }

    /// <summary>The rule that decided, or that would have refused it, where one did.</summary>
    public string? RuleId { get; init; }

    /// <summary>Why it was blocked, or would have been.</summary>
    public string? Reason
    {
        get => _details?.Reason;
        init => _details = (RecordDetails.Of(_details) with { Reason = value }).OrNull();
    }

    /// <summary>The mode that the policy was in, or <see langword="null"/> if it was not asked.</summary>
    public PolicyMode? Mode
    {
        get => _mode == None ? null : (PolicyMode)_mode;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        init => _mode = (sbyte?)value ?? None;
    }

    /// <summary>Whether <see cref="PolicyMode.Report"/> is all that let it through.</summary>
    public bool WouldBlock { get; init; }

    /// <summary>
    /// The outbound worker that refused it, answered it, or failed, by its type's name; of several, the one where that began.
    /// <see langword="null"/> when they let it out and its response back in.
    /// </summary>
    public string? Worker
    {
        get => _details?.Worker;
        init => _details = (RecordDetails.Of(_details) with { Worker = value }).OrNull();
    }

    /// <summary>The status of the response, or <see langword="null"/> if there was none.</summary>
    public int? Status
    {
        get => _status == 0 ? null : _status;
        init => _status = checked((short)(value ?? 0));
    }

    /// <summary>What ended it, or <see langword="null"/> if nothing did.</summary>
    public FailureKind? Failure
    {
        get => _failure == None ? null : (FailureKind)_failure;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        init => _failure = (sbyte?)value ?? None;
    }

    /// <summary>The type of the exception that ended it, or <see langword="null"/>.</summary>
    public string? ExceptionType
    {
        get => _details?.ExceptionType;
        init => _details = (RecordDetails.Of(_details) with { ExceptionType = value }).OrNull();
    }

    /// <summary>
    /// Bytes of the request's body that were read to be sent: of the tenant's, or of the one that an outbound worker made of it
    /// or put in its place, if that is longer.
    /// </summary>
    public long RequestBytes { get; init; }

    /// <summary>Bytes of the response's body that were read.</summary>
    public long ResponseBytes { get; init; }

    /// <summary>From the tenant's call until the response's body was read or disposed, or until it failed.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Where the time went, if an observer asks for <see cref="RecordDetail.Phases"/>.</summary>
    public SubrequestPhases? Phases
    {
        get => _details?.Phases;
        init => _details = (RecordDetails.Of(_details) with { Phases = value }).OrNull();
    }

    /// <summary>How often it was sent again, because it failed or the origin asked for that.</summary>
    public int Retries { get; init; }

    /// <summary>
    /// The address that was chosen, if an observer asks for <see cref="RecordDetail.Phases"/>: that of the connection that was
    /// opened for it. <see langword="null"/> when it went over one that stood already, of which the platform does not tell: the
    /// record that has it is that of the subrequest it was opened for, to the same host before.
    /// </summary>
    public IPEndPoint? Address
    {
        get => _details?.Address;
        init => _details = (RecordDetails.Of(_details) with { Address = value }).OrNull();
    }

    /// <summary>The version of HTTP that the response came in.</summary>
    public Version? ProtocolVersion
    {
        get => ProtocolVersions.FromByte(_version);
        init => _version = value is null ? ProtocolVersions.None : ProtocolVersions.ToByte(value);
    }

    /// <summary>The trace that it belongs to, in hexadecimal.</summary>
    public string? TraceId { get; init; }

    /// <summary>The span of the subrequest, in hexadecimal, where one was made.</summary>
    public string? SpanId
    {
        get => _details?.SpanId;
        init => _details = (RecordDetails.Of(_details) with { SpanId = value }).OrNull();
    }

    /// <summary>The headers that were sent, or if it never left those that the tenant gave; if an observer asks for <see cref="RecordDetail.Headers"/>.</summary>
    public IReadOnlyList<RecordedHeader>? RequestHeaders
    {
        get => _details?.RequestHeaders;
        init => _details = (RecordDetails.Of(_details) with { RequestHeaders = value }).OrNull();
    }

    /// <summary>The headers of the response, if an observer asks for <see cref="RecordDetail.Headers"/>.</summary>
    public IReadOnlyList<RecordedHeader>? ResponseHeaders
    {
        get => _details?.ResponseHeaders;
        init => _details = (RecordDetails.Of(_details) with { ResponseHeaders = value }).OrNull();
    }

    internal RecordDetails? Details
    {
        init => _details = value;
    }

    /// <summary>The number behind <see cref="DispatchId"/>, whose text is made when somebody asks.</summary>
    internal long DispatchNumber { get; init; }

    private string Authority
    {
        get
        {
            string host = Host.Contains(':') ? $"[{Host}]" : Host;
            return Port < 0 || (Scheme, Port) is ("http", 80) or ("https", 443) or ("ws", 80) or ("wss", 443)
                ? host
                : string.Create(CultureInfo.InvariantCulture, $"{host}:{Port}");
        }
    }

    /// <summary>Writes it as one JSON object. Members without a value are left out; durations are in milliseconds.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        RecordJson.Write(writer, this);
    }

    /// <summary>Makes of it what a policy can be tried on.</summary>
    /// <returns>
    /// <see langword="null"/> if it had no absolute URL. Of the path there is what was recorded, which may not be all of it
    /// (<see cref="DryRunRequest.IsPathPartial"/>), and there are no headers.
    /// </returns>
    public DryRunRequest? ToDryRunRequest() =>
        Scheme.Length > 0 && Uri.TryCreate(Url, UriKind.Absolute, out Uri? uri) && uri.IsAbsoluteUri
            ? new DryRunRequest(Tenant, new HttpMethod(Method), uri) { IsPathPartial = Path.Contains('{') || Path.Length >= RecordRedactor.MaxPath }
            : null;
}
