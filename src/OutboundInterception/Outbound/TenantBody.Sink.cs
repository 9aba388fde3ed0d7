namespace OutboundInterception;

/// <summary>What the tenant's content writes to.</summary>
internal sealed partial class TenantBody
{
    /// <summary>
    /// Never the connection's own stream. It takes one write at a time, and none once the content says that it is done: two at
    /// once could put more on the connection than was counted, where it reads as the start of another request.
    /// </summary>
    private sealed class Sink(TenantBody body, Stream destination) : WriteOnlyStream(destination)
    {
        private const int Idle = 0;
        private const int Writing = 1;
        private const int Closed = 2;

        private int _state;

        public long Written { get; private set; }

        public bool DestinationFailed { get; private set; }

        // A body of unknown length comes as it is made. What is left in a connection's write buffer would wait for more of
        // it, and its maker may be waiting for the answer.
        private bool IsLive => body._length is null;

        /// <returns>Whether a write goes on.</returns>
        public bool Complete() => Interlocked.Exchange(ref _state, Closed) == Writing;

        public override void Flush()
        {
            Enter();
            try
            {
                Destination.Flush();
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
                await Destination.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                Exit();
            }
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Enter();
            try
            {
                ReadOnlyMemory<byte> kept = Take(buffer);
                try
                {
                    Destination.Write(kept.IsEmpty ? buffer : kept.Span);
                    if (IsLive)
                    {
                        Destination.Flush();
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

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Enter();
            try
            {
                ReadOnlyMemory<byte> kept = Take(buffer.Span);
                try
                {
                    await Destination.WriteAsync(kept.IsEmpty ? buffer : kept, cancellationToken).ConfigureAwait(false);
                    if (IsLive)
                    {
                        await Destination.FlushAsync(cancellationToken).ConfigureAwait(false);
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

        /// <returns>What was kept of them, if it was. It is what is to be sent: the tenant may be changing its own meanwhile.</returns>
        private ReadOnlyMemory<byte> Take(ReadOnlySpan<byte> bytes)
        {
            Written += bytes.Length;
            if (body._length < Written)
            {
                throw Failed($"The body has more bytes than the {body._length} of its Content-Length. Leave Content-Length out: it is computed.", null);
            }

            body._subrequest.CountRequestBytes(bytes.Length, body._hop);
            if (body._kept is { } kept)
            {
                if (kept.Length + bytes.Length > body._keepAtMost)
                {
                    body._kept = null;
                }
                else
                {
                    kept.Write(bytes);
                    return kept.GetBuffer().AsMemory((int)kept.Length - bytes.Length, bytes.Length);
                }
            }

            return default;
        }
    }
}
