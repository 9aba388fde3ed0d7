namespace OutboundInterception;

/// <summary>What the tenant's content writes to.</summary>
internal sealed partial class TenantBody
{
    /// <summary>
    /// Never the connection's own stream. It takes one write at a time, and none once the content says that it is done: two at
    /// once could put more on the connection than was counted, where it reads as the start of another request.
    /// </summary>
    private sealed class Sink(TenantBody body, Stream destination) : Stream, IPassThroughStream
    {
        private const int Idle = 0;
        private const int Writing = 1;
        private const int Closed = 2;

        private int _state;

        public Stream Destination => destination;

        public long Written { get; private set; }

        public bool DestinationFailed { get; private set; }

        // A body of unknown length comes as it is made. What is left in a connection's write buffer would wait for more of
        // it, and its maker may be waiting for the answer.
        private bool IsLive => body._length is null;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException("A body is written forwards.");

        public override long Position
        {
            get => throw new NotSupportedException("A body is written forwards.");
            set => throw new NotSupportedException("A body is written forwards.");
        }

        /// <returns>Whether a write goes on.</returns>
        public bool Complete() => Interlocked.Exchange(ref _state, Closed) == Writing;

        public override void Flush()
        {
            Enter();
            try
            {
                destination.Flush();
            }
            finally
            {
                Exit();
            }
        }

        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            Enter();
            try
            {
                await destination.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                Exit();
            }
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A body is written here.");

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A body is written forwards.");

        public override void SetLength(long value) => throw new NotSupportedException("A body is written forwards.");

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Enter();
            try
            {
                Take(buffer);
                try
                {
                    destination.Write(buffer);
                    if (IsLive)
                    {
                        destination.Flush();
                    }
                }
                catch
                {
                    DestinationFailed = true;
                    throw;
                }
            }
            finally
            {
                Exit();
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Enter();
            try
            {
                Take(buffer.Span);
                try
                {
                    await destination.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
                    if (IsLive)
                    {
                        await destination.FlushAsync(cancellationToken).ConfigureAwait(false);
                    }
                }
                catch
                {
                    DestinationFailed = true;
                    throw;
                }
            }
            finally
            {
                Exit();
            }
        }

        private void Enter()
        {
            int before = Interlocked.CompareExchange(ref _state, Writing, Idle);
            ObjectDisposedException.ThrowIf(before == Closed, typeof(Stream));
            if (before == Writing)
            {
                throw new InvalidOperationException("The body is being written already. Await each write before the next.");
            }
        }

        private void Exit() => Interlocked.CompareExchange(ref _state, Idle, Writing);

        private void Take(ReadOnlySpan<byte> bytes)
        {
            Written += bytes.Length;
            if (body._length < Written)
            {
                throw Failed($"The body has more bytes than the {body._length} of its Content-Length. Leave Content-Length out: it is computed.", null);
            }

            body._subrequest.CountRequestBytes(bytes.Length);
            if (body._kept is { } kept)
            {
                if (kept.Length + bytes.Length > body._keepAtMost)
                {
                    body._kept = null;
                }
                else
                {
                    kept.Write(bytes);
                }
            }
        }
    }
}
