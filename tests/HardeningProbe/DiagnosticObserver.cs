using System.Collections.Concurrent;
using System.Diagnostics;

namespace HardeningProbe;

/// <summary>Reads the requests that the HTTP stack publishes as objects.</summary>
internal sealed class DiagnosticObserver : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly ConcurrentQueue<string> _texts = new();
    private readonly List<IDisposable> _subscriptions = [];

    public DiagnosticObserver() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

    public bool Saw(string text) => _texts.Any(seen => seen.Contains(text, StringComparison.Ordinal));

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "HttpHandlerDiagnosticListener")
        {
            _subscriptions.Add(value.Subscribe(this));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value) => _texts.Enqueue($"{value.Value}");

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _subscriptions.ForEach(static subscription => subscription.Dispose());
}
