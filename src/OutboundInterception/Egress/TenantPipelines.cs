namespace OutboundInterception;

/// <summary>The pipelines of one tenant, and what they share. Under the lock of <see cref="ResiliencePipelines"/>.</summary>
internal sealed class TenantPipelines(TokenBucket? bucket)
{
    /// <summary>Read without the lock.</summary>
    public TokenBucket? Bucket => bucket;

    /// <summary>In the order in which they were made.</summary>
    public List<PipelineEntry> Entries { get; } = [];
}
