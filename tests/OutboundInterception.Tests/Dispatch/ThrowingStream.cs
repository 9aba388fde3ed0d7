namespace OutboundInterception.Tests.Dispatch;

/// <summary>Throws when it is disposed, as one does that cannot flush.</summary>
internal sealed class ThrowingStream : MemoryStream
{
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            throw new IOException("what was still to be flushed");
        }
    }
}
