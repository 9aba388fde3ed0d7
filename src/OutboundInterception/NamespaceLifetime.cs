using Microsoft.Extensions.Hosting;

namespace OutboundInterception;

/// <summary>Makes the namespaces when the host starts, so that a mistake fails the start, and drains them when it stops.</summary>
internal sealed class NamespaceLifetime(IDispatchNamespaces namespaces) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (string name in namespaces.Names)
        {
            _ = namespaces.Get(name);
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        foreach (string name in namespaces.Names)
        {
            namespaces.Get(name).StopAccepting();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(namespaces.Names.Select(name => namespaces.Get(name).StopAsync(cancellationToken)));

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
