using System.Net;
using System.Net.Sockets;

namespace OutboundInterception;

/// <summary>
/// Connects to the first of several addresses that answers. One that does not answer holds up the next for a moment only,
/// one that fails not at all (RFC 8305, "Happy Eyeballs", section 5).
/// </summary>
internal sealed class Dialer(Func<IPAddress, int, CancellationToken, Task<Socket>> dial, TimeProvider time)
{
    // The connection attempt delay that section 8 recommends.
    public static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(250);

    public Dialer(TimeProvider time)
        : this(DialAsync, time)
    {
    }

    /// <param name="addresses">All of them checked; dialled in this order.</param>
    /// <param name="port">The port.</param>
    /// <param name="cancellationToken">Ends all attempts.</param>
    /// <exception cref="SocketException">Nobody answers; it is the last address's.</exception>
    public Task<Socket> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken) =>
        addresses.Length == 1 ? dial(addresses[0], port, cancellationToken) : RaceAsync(addresses, port, cancellationToken);

    private async Task<Socket> RaceAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task<Socket>> dials = [];
        int next = 0;
        try
        {
            while (true)
            {
                if (next < addresses.Length)
                {
                    dials.Add(dial(addresses[next++], port, over.Token));
                }

                Task<Task<Socket>> first = Task.WhenAny(dials);
                if (next < addresses.Length)
                {
                    await Task.WhenAny(first, Task.Delay(Stagger, time, over.Token)).ConfigureAwait(false);
                    cancellationToken.ThrowIfCancellationRequested();
                    if (!first.IsCompleted)
                    {
                        continue;
                    }
                }

                Task<Socket> done = await first.ConfigureAwait(false);
                dials.Remove(done);
                if (done.IsCompletedSuccessfully || (dials.Count == 0 && next == addresses.Length))
                {
                    return await done.ConfigureAwait(false);
                }
            }
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            foreach (Task<Socket> loser in dials)
            {
                _ = loser.ContinueWith(
                    static task =>
                    {
                        // What a loser failed of is of no interest; that it is looked at keeps it from being reported.
                        if (task.Exception is null && !task.IsCanceled)
                        {
                            task.Result.Dispose();
                        }
                    },
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
            }
        }
    }

    private static async Task<Socket> DialAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // By address: by name, the socket would resolve it again.
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
