namespace OutboundInterception;

/// <summary>A message on its way to a connection, with what takes its times if somebody wants them.</summary>
internal class ProbedRequest(HttpMethod method, Uri uri) : HttpRequestMessage(method, uri)
{
    public SubrequestProbe? Probe { get; set; }
}
