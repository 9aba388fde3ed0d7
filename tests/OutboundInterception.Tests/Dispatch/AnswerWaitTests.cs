namespace OutboundInterception.Tests.Dispatch;

/// <summary>The end of a wait: once, by whoever comes first, and never in the way of who completes the task that is waited for.</summary>
[CancelAfter(60_000)]
public class AnswerWaitTests
{
    private static readonly AsyncLocal<string?> s_where = new();

    [Test]
    public async Task Begin_AnswerComes_SettlesWithItWhereItBegan()
    {
        TaskCompletionSource<HttpResponseMessage> answer = new();
        s_where.Value = "begin";
        Wait inContext = new(answer.Task);
        IAbandonable? place = null;
        using CancellationTokenSource end = new();
        Task<HttpResponseMessage> waiting = inContext.Begin(ref place, end);
        s_where.Value = "elsewhere";
        using HttpResponseMessage response = new();
        answer.SetResult(response);

        Assert.That(await waiting, Is.SameAs(response));
        Assert.That(inContext.Where, Is.EqualTo("begin"));
        Assert.That(place, Is.SameAs(inContext));
    }

    [Test]
    public async Task Abandon_AnswerComesAfterAll_IsLate()
    {
        TaskCompletionSource<HttpResponseMessage> answer = new();
        Wait wait = new(answer.Task);
        IAbandonable? place = null;
        using CancellationTokenSource end = new();
        Task<HttpResponseMessage> waiting = wait.Begin(ref place, end);
        wait.Abandon();
        wait.Abandon();
        await Assert.ThrowsAsync<TaskCanceledException>(() => waiting);
        using HttpResponseMessage response = new();
        answer.SetResult(response);
        await wait.CameLateAsync();

        Assert.That((wait.Settled, wait.Late), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Begin_EndedAlready_IsAbandoned()
    {
        using CancellationTokenSource end = new();
        await end.CancelAsync();
        IAbandonable? place = null;

        await Assert.ThrowsAsync<TaskCanceledException>(() => new Wait(new TaskCompletionSource<HttpResponseMessage>().Task).Begin(ref place, end));
    }

    [Test]
    public async Task Settle_Throws_FailsTheWaitAlone()
    {
        TaskCompletionSource<HttpResponseMessage> answer = new();
        Wait wait = new(answer.Task) { Failure = new InvalidOperationException("a listener of the host's") };
        IAbandonable? place = null;
        using CancellationTokenSource end = new();
        Task<HttpResponseMessage> waiting = wait.Begin(ref place, end);
        using HttpResponseMessage response = new();
        answer.SetResult(response);

        Assert.That(await Assert.ThrowsAsync<InvalidOperationException>(() => waiting), Is.SameAs(wait.Failure));
    }

    // Who comes first is chance; that it is one of them is not.
    [Test]
    public async Task Abandon_WhileTheAnswerComes_SettlesOnce()
    {
        for (int round = 0; round < 2_000; round++)
        {
            TaskCompletionSource<HttpResponseMessage> answer = new();
            Wait wait = new(answer.Task);
            IAbandonable? place = null;
            using CancellationTokenSource end = new();
            Task<HttpResponseMessage> waiting = wait.Begin(ref place, end);
            using HttpResponseMessage response = new();
            await Task.WhenAll(Task.Run(wait.Abandon), Task.Run(() => answer.SetResult(response)));
            await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!waiting.IsCompletedSuccessfully)
            {
                await wait.CameLateAsync();
            }

            Assert.That((wait.Settled, wait.Late), Is.EqualTo((1, waiting.IsCompletedSuccessfully ? 0 : 1)));
        }
    }

    private sealed class Wait(Task<HttpResponseMessage> awaited) : AnswerWait(awaited)
    {
        private int _settled;
        private int _late;

        public int Settled => _settled;

        public int Late => _late;

        public string? Where { get; private set; }

        public Exception? Failure { get; init; }

        public async Task CameLateAsync()
        {
            while (Volatile.Read(ref _late) == 0)
            {
                await System.Threading.Tasks.Task.Yield();
            }
        }

        protected override void Settle(Task<HttpResponseMessage>? answered)
        {
            Interlocked.Increment(ref _settled);
            Where = s_where.Value;
            if (Failure is not null)
            {
                throw Failure;
            }

            SetFrom(answered ?? System.Threading.Tasks.Task.FromCanceled<HttpResponseMessage>(new CancellationToken(canceled: true)));
        }

        protected override void ComeLate(Task<HttpResponseMessage> answered) => Interlocked.Increment(ref _late);
    }
}
