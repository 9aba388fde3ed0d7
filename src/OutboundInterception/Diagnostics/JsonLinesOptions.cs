namespace OutboundInterception;

/// <summary>Where and how much <see cref="JsonLinesObserver"/> writes.</summary>
public sealed class JsonLinesOptions
{
    /// <summary>The file, whose directory is made if it is missing. One process writes to it at a time.</summary>
    public required string Path { get; set; }

    /// <summary>When the file is this large, it is put aside as <c>name.1.ext</c>, the one before as <c>name.2.ext</c>, and so on.</summary>
    /// <value>Bytes, at least 1; 64 MiB by default. A batch of records is never torn apart: a file may be up to 256 records larger.</value>
    public long MaxFileBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How many files there are at most, the current one included; the oldest is deleted.</summary>
    /// <value>1 to 1,000; 8 by default.</value>
    public int MaxFiles { get; set; } = 8;

    /// <summary>How many records wait for the disk; when it is too slow, the oldest of them are dropped and counted.</summary>
    /// <value>At least 1; 8,192 by default.</value>
    public int QueueCapacity { get; set; } = QueuedObserver.DefaultCapacity;

    /// <summary>What is measured for the file.</summary>
    /// <value><see cref="RecordDetail.Phases"/> by default.</value>
    public RecordDetail Detail { get; set; } = RecordDetail.Phases;
}
