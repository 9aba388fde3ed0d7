using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OutboundInterception.Benchmarks;

/// <summary>Row 14: what a subrequest costs that is seen by an observer, by metrics and by a log, beside one that nobody looks at.</summary>
[MemoryDiagnoser]
public class ObservationBenchmarks
{
    public const int Operations = SubrequestLoop.Operations;

    private readonly HttpRequestMessage _inbound = new(HttpMethod.Get, "https://tenant.apps.example.com/");
    private readonly MeterListener _listener = new();
    private Bench _unseen = null!;
    private Bench _seen = null!;

    [GlobalSetup]
    public void Setup()
    {
        _unseen = Bench.CreateStubbed(SubrequestLoop.Tenant, isObserved: false);

        // Between the two namespaces: only the instruments of the second, which has a meter of its own, are listened to.
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == OutboundTelemetry.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _seen = Bench.CreateStubbed(
            SubrequestLoop.Tenant,
            builder =>
            {
                builder.Services.AddLogging(static logging => logging.AddProvider(new NullProvider()));
                builder.AddSubrequestLogging();
                _listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
                _listener.SetMeasurementEventCallback<int>(static (_, _, _, _) => { });
                _listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
            });
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        _listener.Dispose();
        await _unseen.DisposeAsync();
        await _seen.DisposeAsync();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations, Description = "subrequest, unseen")]
    public Task UnseenAsync() => _unseen.DispatchAsync(_inbound);

    [Benchmark(OperationsPerInvoke = Operations, Description = "subrequest, record, metrics, log")]
    public Task SeenAsync() => _seen.DispatchAsync(_inbound);

    /// <summary>Enabled, and writes nothing: what is timed is the way to it.</summary>
    private sealed class NullProvider : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }

        public void Dispose()
        {
        }
    }
}
