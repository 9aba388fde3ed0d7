using System.Diagnostics;
using System.Net;

namespace OutboundInterception;

/// <summary>
/// Keeps answers of the resolver for a bounded time, and lets those who ask for one name at once share one look-up.
/// Nothing here judges an address: every connection checks the answer anew.
/// </summary>
internal sealed class ResolutionCache(
    Func<string, CancellationToken, ValueTask<IPAddress[]>> resolve, TimeSpan lifetime, TimeSpan timeout, TimeProvider time)
{
    // Tenants choose the names, where the policy has a wildcard; a full cache starts again.
    private const int Capacity = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LookUp> _lookUps = new(StringComparer.Ordinal);

    /// <returns>
    /// The addresses, in an array that belongs to the cache. Faults with <see cref="TimeoutException"/> if the resolver
    /// does not answer in time, and with whatever it throws; a failure is not kept.
    /// </returns>
    public Task<IPAddress[]> ResolveAsync(string name)
    {
        LookUp lookUp;
        lock (_gate)
        {
            if (_lookUps.TryGetValue(name, out LookUp? known))
            {
                // One that has had its time is not joined either, though it may not have failed yet: whoever has waited as
                // long as it and tries again would only fail with it.
                if (time.GetElapsedTime(known.Since) < (known.Answer.Task.IsCompleted ? lifetime : timeout))
                {
                    return known.Answer.Task;
                }

                _lookUps.Remove(name);
            }

            if (_lookUps.Count >= Capacity)
            {
                _lookUps.Clear();
            }

            lookUp = new LookUp { Since = time.GetTimestamp() };
            _lookUps.Add(name, lookUp);
        }

        // Outside the lock, because the resolver is the host's code.
        _ = RunAsync(name, lookUp);
        return lookUp.Answer.Task;
    }

    private async Task RunAsync(string name, LookUp lookUp)
    {
        IPAddress[]? addresses = null;
        Exception? failure = null;

        // The look-up is nobody's alone, so no caller's token ends it; and a resolver may ignore this one.
        using (CancellationTokenSource ended = new(timeout, time))
        {
            try
            {
                Task<IPAddress[]> answer = resolve(name, ended.Token).AsTask();

                // A copy, so that what is checked is what is dialled whatever the resolver does with its array.
                addresses = [.. await answer.WaitAsync(ended.Token).ConfigureAwait(false)];
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                failure = new TimeoutException($"The resolver did not answer for '{name}' within {timeout}.");
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        }

        Complete(name, lookUp, addresses, failure);
    }

    private void Complete(string name, LookUp lookUp, IPAddress[]? addresses, Exception? failure)
    {
        lock (_gate)
        {
            lookUp.Since = time.GetTimestamp();
            bool isKept = addresses is { Length: > 0 } && lifetime > TimeSpan.Zero;
            if (!isKept && _lookUps.TryGetValue(name, out LookUp? current) && ReferenceEquals(current, lookUp))
            {
                _lookUps.Remove(name);
            }
        }

        if (addresses is not null)
        {
            lookUp.Answer.SetResult(addresses);
            return;
        }

        Debug.Assert(failure is not null, "A look-up has an answer or a failure.");
        lookUp.Answer.SetException(failure);

        // All who waited may have gone: then nobody observes the failure, and that is as it should be.
        _ = lookUp.Answer.Task.Exception;
    }

    private sealed class LookUp
    {
        public TaskCompletionSource<IPAddress[]> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // When it was asked for, then when it was answered; under the lock.
        public long Since { get; set; }
    }
}
