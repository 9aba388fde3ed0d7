namespace OutboundInterception;

/// <summary>
/// Reads a body with each secret in it overwritten by as many asterisks, across the borders of reads: what may be the
/// beginning of a secret waits for what follows. The length stays, so that framing inside the body holds.
/// </summary>
internal sealed class RedactingStream : ReadOnlyStream
{
    private const int ReadSize = 8 * 1024;

    // So few bytes at the end of what has come are given out although a secret may begin with them. Else one message in a few
    // hundred of a two-way stream would stay here, and its sender may be waiting for the answer to it.
    private const int GivenOut = 3;

    private readonly Stream _inner;
    private readonly SecretPatterns _secrets;
    private readonly Action _atEnd;
    private readonly byte[] _window;
    private int _position;
    private int _ready;
    private int _end;
    private bool _isComplete;

    public RedactingStream(Stream inner, SecretPatterns secrets, Action atEnd)
    {
        _inner = inner;
        _secrets = secrets;
        _atEnd = atEnd;
        _window = new byte[secrets.MaxLength + ReadSize];
    }

    public override int Read(Span<byte> buffer)
    {
        while (_position == _ready && !_isComplete && buffer.Length > 0)
        {
            MakeRoom();
            Take(_inner.Read(_window.AsSpan(_end)));
        }

        return Give(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_position == _ready && !_isComplete && buffer.Length > 0)
        {
            MakeRoom();
            Take(await _inner.ReadAsync(_window.AsMemory(_end), cancellationToken).ConfigureAwait(false));
        }

        return Give(buffer.Span);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    // Keeps what may be the beginning of a secret, also what of that was given out.
    private void MakeRoom()
    {
        int keepFrom = int.Min(_secrets.FindUnfinished(_window.AsSpan(0, _end)), _position);
        _window.AsSpan(keepFrom, _end - keepFrom).CopyTo(_window);
        _position -= keepFrom;
        _end -= keepFrom;
    }

    private void Take(int count)
    {
        _isComplete = count == 0;
        _end += count;
        int unfinished = _isComplete ? _end : _secrets.FindUnfinished(_window.AsSpan(0, _end));
        _secrets.Redact(_window.AsSpan(0, _end), unfinished);
        _ready = _end - unfinished <= GivenOut ? _end : int.Max(unfinished, _position);
        if (_isComplete)
        {
            _atEnd();
        }
    }

    private int Give(Span<byte> buffer)
    {
        int count = int.Min(buffer.Length, _ready - _position);
        _window.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }
}
