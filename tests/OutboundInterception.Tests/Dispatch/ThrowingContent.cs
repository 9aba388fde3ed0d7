using System.Net;

namespace OutboundInterception.Tests.Dispatch;

/// <summary>Throws when it is disposed first.</summary>
internal sealed class ThrowingContent : HttpContent
{
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Disposed => _disposed.Task;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _disposed.TrySetResult())
        {
            throw new InvalidOperationException("of another tenant");
        }

        base.Dispose(disposing);
    }
}
