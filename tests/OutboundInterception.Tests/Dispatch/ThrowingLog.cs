using Microsoft.Extensions.Logging;

namespace OutboundInterception.Tests.Dispatch;

/// <summary>A log that throws at one kind of entry, or when it is asked whether it wants any.</summary>
internal sealed class ThrowingLog(string name, bool throwsWhenAsked = false) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => throwsWhenAsked ? throw new IOException("the disk is full") : true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == name)
        {
            throw new IOException("the disk is full");
        }
    }

    public void Dispose()
    {
    }
}
