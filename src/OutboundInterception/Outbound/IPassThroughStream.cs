namespace OutboundInterception;

/// <summary>A stream of ours that hands on what is written to it, and keeps none of the memory that it was given.</summary>
internal interface IPassThroughStream
{
    /// <summary>Where it is handed on to.</summary>
    Stream Destination { get; }
}
