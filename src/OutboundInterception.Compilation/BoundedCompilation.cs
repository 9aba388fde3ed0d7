using System.Diagnostics;

namespace OutboundInterception;

/// <summary>
/// Runs the compiler on a thread of its own, and waits for so long. <see cref="SourceTokens"/> and <see cref="SourceCost"/>
/// refuse what is known to take it too long; this is for what they do not know. The compiler asks for no cancellation inside a
/// method, and the runtime has no safe way to end a thread (<c>ControlledExecution</c> was tried: it brought the process down).
/// So a compilation that is given up goes on until it ends, and of those there are only so many.
/// </summary>
internal static class BoundedCompilation
{
    // 1 GiB: the largest source that is accepted took a quarter of it.
    private const long MaxMemory = 1L << 30;

    // 4: enough for a few accidents, too few to fill a machine.
    private const int MaxGivenUp = 4;

    // The parser recurses, not everywhere with a guard: type arguments took 1.3 KiB a level, of which a file of the longest
    // length has 64 Ki.
    private const int StackSize = 256 * 1024 * 1024;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private static int s_givenUp;

    /// <summary>How many compilations that were given up still go on.</summary>
    public static int GivenUp => Volatile.Read(ref s_givenUp);

    /// <exception cref="DeploymentException">It took more time or memory than it may, or too many others did.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static T Run<T>(string tenant, TimeSpan limit, Func<CancellationToken, T> work, CancellationToken cancellationToken)
    {
        if (GivenUp >= MaxGivenUp)
        {
            throw new DeploymentException(tenant, "too-busy", $"{MaxGivenUp} compilations that took too long still go on. Deploy again when they have ended, or restart the host.");
        }

        // Not disposed: a compilation that is given up goes on reading it.
        CancellationTokenSource abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<T>[] done = new Task<T>[1];
        int isGivenUp = 0;
        Thread thread = new(
            () =>
            {
                try
                {
                    done[0] = Task.FromResult(work(abort.Token));
                }
                catch (Exception exception)
                {
                    done[0] = Task.FromException<T>(exception);
                }

                if (Interlocked.Exchange(ref isGivenUp, 1) == 1)
                {
                    Interlocked.Decrement(ref s_givenUp);
                }
            },
            StackSize)
        {
            IsBackground = true,
            Name = "OutboundInterception compilation",
        };

        long start = Stopwatch.GetTimestamp();
        long before = GC.GetTotalMemory(forceFullCollection: false);
        thread.Start();
        while (!thread.Join(s_look))
        {
            string? reason = Stopwatch.GetElapsedTime(start) > limit ? $"{limit.TotalSeconds:0.##} seconds"
                : GC.GetTotalMemory(forceFullCollection: false) - before > MaxMemory ? $"{MaxMemory >> 20} MiB of memory"
                : null;
            if (reason is not null || cancellationToken.IsCancellationRequested)
            {
                abort.Cancel();
                GiveUp(thread, ref isGivenUp);
                cancellationToken.ThrowIfCancellationRequested();
                throw TooCostly(tenant, reason!);
            }
        }

        return done[0].GetAwaiter().GetResult();
    }

    public static DeploymentException TooCostly(string tenant, string what) => new(
        tenant,
        SourceProblem.TooCostly,
        $"Compiling it takes more than {what}. Nest fewer lambdas in calls of overloaded methods, and fewer generic types, patterns and constants.");

    private static void GiveUp(Thread thread, ref int isGivenUp)
    {
        if (thread.Join(s_look))
        {
            return;
        }

        Interlocked.Increment(ref s_givenUp);
        if (Interlocked.Exchange(ref isGivenUp, 1) == 1)
        {
            // It has ended meanwhile.
            Interlocked.Decrement(ref s_givenUp);
        }
    }
}
