using System.Threading.Tasks.Sources;

namespace OutboundInterception.Tests.Outbound;

/// <summary>What a reader may do with the results of its reads that nobody else would.</summary>
[CancelAfter(60_000)]
public class WaitingStreamTests
{
    [Test]
    public async Task Read_LastResultNotTaken_GetsAResultOfItsOwn()
    {
        await using Waiting stream = new();
        ValueTask<int> first = stream.ReadAsync(new byte[10]);
        stream.Arrive(1);
        ValueTask<int> second = stream.ReadAsync(new byte[10]);
        stream.Arrive(2);
        ValueTask<int> third = stream.ReadAsync(new byte[10]);
        stream.Arrive(3);

        Assert.That(await third, Is.EqualTo(3));
        Assert.That(await first, Is.EqualTo(1));
        Assert.That(await second, Is.EqualTo(2));
    }

    [Test]
    public async Task Read_ResultTakenTwice_LeavesTheNextAlone()
    {
        await using Waiting stream = new();
        ValueTask<int> first = stream.ReadAsync(new byte[10]);
        ValueTask<int> kept = first;
        stream.Arrive(1);
        Assert.That(await first, Is.EqualTo(1));
        ValueTask<int> second = stream.ReadAsync(new byte[10]);

        Assert.That(() => kept.GetAwaiter().GetResult(), Throws.InvalidOperationException);
        stream.Arrive(2);
        Assert.That(await second, Is.EqualTo(2));
    }

    [Test]
    public async Task Read_ResultTakenBeforeItIsThere_LeavesItAlone()
    {
        await using Waiting stream = new();
        ValueTask<int> first = stream.ReadAsync(new byte[10]);
        ValueTask<int> kept = first;
        Assert.That(() => kept.GetAwaiter().GetResult(), Throws.InvalidOperationException);
        ValueTask<int> second = stream.ReadAsync(new byte[10]);
        stream.Arrive(1);
        stream.Arrive(2);

        Assert.That(await first, Is.EqualTo(1));
        Assert.That(await second, Is.EqualTo(2));
    }

    [Test]
    public async Task Read_Fails_TellsWhatTheStreamMakesOfIt()
    {
        await using Waiting stream = new();
        ValueTask<int> waits = stream.ReadAsync(new byte[10]);
        stream.Arrive(-1);
        Assert.That((await Assert.ThrowsAsync<IOException>(async () => await waits))!.Message, Is.EqualTo("told"));
        stream.Arrive(-1);
        Assert.That((await Assert.ThrowsAsync<IOException>(async () => _ = await stream.ReadAsync(new byte[10])))!.Message, Is.EqualTo("told"));
        stream.Arrive(4);

        Assert.That(await stream.ReadAsync(new byte[10]), Is.EqualTo(4));
        Assert.That(stream.Ended, Is.EqualTo(3));
    }

    [Test]
    public async Task Read_TokenIsCancelled_InterruptsTheReadThatWaitsAndNoOther()
    {
        using CancellationTokenSource readers = new();
        await using Waiting stream = new();
        ValueTask<int> first = stream.ReadAsync(new byte[10], readers.Token);
        ValueTask<int> beside = stream.ReadAsync(new byte[10], CancellationToken.None);
        await readers.CancelAsync();
        Assert.That(stream.Interrupted, Is.EqualTo(1));
        stream.Arrive(1);
        stream.Arrive(2);
        Assert.That((await first, await beside), Is.EqualTo((1, 2)));

        using CancellationTokenSource seconds = new();
        ValueTask<int> second = stream.ReadAsync(new byte[10], seconds.Token);
        stream.Arrive(3);
        await seconds.CancelAsync();
        Assert.That(await second, Is.EqualTo(3));
        Assert.That(stream.Interrupted, Is.EqualTo(1));
    }

    [Test]
    public async Task Read_WhatEndsItThrows_IsTheReadersAndNotTheProcesssToHear([Values] bool waits)
    {
        await using Waiting stream = new() { OnEnd = static () => throw new InvalidOperationException("a content of the host's") };
        if (!waits)
        {
            stream.Arrive(1);
        }

        ValueTask<int> read = stream.ReadAsync(new byte[10]);
        if (waits)
        {
            stream.Arrive(1);
        }

        Assert.That((await Assert.ThrowsAsync<InvalidOperationException>(async () => _ = await read))!.Message, Is.EqualTo("a content of the host's"));
    }

    [Test]
    public async Task Read_WaitsOften_MakesNoObjectForEach([Values] bool hasToken)
    {
        using CancellationTokenSource readers = new();
        await using Waiting stream = new();
        CancellationToken token = hasToken ? readers.Token : default;
        long bytes = long.MaxValue;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            int read = Read(stream, 1_000, token);
            bytes = long.Min(bytes, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.That(read, Is.EqualTo(1_000));
        }

        // 96 bytes are the test's own; an async method's object would be as many more.
        Assert.That(bytes, Is.LessThan(1_000 * 128));
    }

    // On this thread: what is read is there when it is looked at.
    private static int Read(Waiting stream, int times, CancellationToken token)
    {
        int sum = 0;
        byte[] buffer = new byte[10];
        for (int time = 0; time < times; time++)
        {
            ValueTask<int> read = stream.ReadAsync(buffer, token);
            stream.Arrive(1);
            sum += read.IsCompleted ? read.Result : 0;
        }

        return sum;
    }

    private sealed class Waiting : WaitingStream
    {
        private readonly Queue<Arrival> _waiting = new();
        private readonly Queue<int> _early = new();

        public int Ended { get; private set; }

        public int Interrupted { get; private set; }

        public Action? OnEnd { get; init; }

        public override bool HasToInterrupt(CancellationToken callers) => callers.CanBeCanceled;

        public override void Interrupt() => Interrupted++;

        public void Arrive(int count)
        {
            if (_waiting.TryDequeue(out Arrival? arrival))
            {
                arrival.Set(count);
            }
            else
            {
                _early.Enqueue(count);
            }
        }

        public override int Read(Span<byte> buffer) => throw new NotSupportedException();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Arrival arrival = new();
            if (_early.TryDequeue(out int count))
            {
                arrival.Set(count);
            }
            else
            {
                _waiting.Enqueue(arrival);
            }

            return FinishAsync(new ValueTask<int>(arrival, 0), buffer.Length, cancellationToken);
        }

        protected override int Finish(int count, int wanted) => count;

        protected override Exception Fail(Exception exception, CancellationToken callers) => new IOException("told", exception);

        protected override void End()
        {
            Ended++;
            OnEnd?.Invoke();
        }
    }

    private sealed class Arrival : IValueTaskSource<int>
    {
        private ManualResetValueTaskSourceCore<int> _source;

        public void Set(int count)
        {
            if (count < 0)
            {
                _source.SetException(new IOException("broke off"));
            }
            else
            {
                _source.SetResult(count);
            }
        }

        public int GetResult(short token) => _source.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _source.OnCompleted(continuation, state, token, flags);
    }
}
