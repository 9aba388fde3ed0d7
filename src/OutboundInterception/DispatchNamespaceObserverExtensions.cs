using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OutboundInterception;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets a host see the subrequests of a dispatch namespace.</summary>
public static class DispatchNamespaceObserverExtensions
{
    private const string LoggerName = "OutboundInterception";

    /// <summary>Adds an observer, which sees every subrequest and changes nothing. The namespace disposes it.</summary>
    public static IDispatchNamespaceBuilder AddOutboundObserver<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TObserver>(
        this IDispatchNamespaceBuilder builder)
        where TObserver : class, IOutboundObserver =>
        builder.Observe(static services => ActivatorUtilities.CreateInstance<TObserver>(services), isOwned: true);

    /// <summary>Adds an observer that the host owns.</summary>
    public static IDispatchNamespaceBuilder AddOutboundObserver(this IDispatchNamespaceBuilder builder, IOutboundObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return builder.Observe(_ => observer, isOwned: false);
    }

    /// <summary>Adds an observer that takes its time: see <see cref="QueuedObserver"/>. The namespace disposes it.</summary>
    /// <param name="builder">The namespace.</param>
    /// <param name="capacity">How many records wait for it at most; then the oldest are dropped.</param>
    public static IDispatchNamespaceBuilder AddQueuedOutboundObserver<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TObserver>(
        this IDispatchNamespaceBuilder builder, int capacity = QueuedObserver.DefaultCapacity)
        where TObserver : class, IOutboundObserver
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        return builder.Observe(
            services => new QueuedObserver(ActivatorUtilities.CreateInstance<TObserver>(services), capacity, Logger(services)), isOwned: true);
    }

    /// <summary>Logs every subrequest as one line: see <see cref="SubrequestLogger"/>.</summary>
    /// <param name="builder">The namespace.</param>
    /// <param name="detail">What is to be measured for it: with <see cref="RecordDetail.Phases"/>, where the time went and the address.</param>
    public static IDispatchNamespaceBuilder AddSubrequestLogging(this IDispatchNamespaceBuilder builder, RecordDetail detail = RecordDetail.None) =>
        builder.Observe(services => new SubrequestLogger(services.GetRequiredService<ILoggerFactory>(), detail), isOwned: true);

    /// <summary>Writes every subrequest to a file: see <see cref="JsonLinesObserver"/>.</summary>
    /// <param name="builder">The namespace.</param>
    /// <param name="path">The file. Each namespace needs one of its own.</param>
    /// <param name="configure">Sets its size and number.</param>
    public static IDispatchNamespaceBuilder AddJsonLines(this IDispatchNamespaceBuilder builder, string path, Action<JsonLinesOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        JsonLinesOptions options = new() { Path = path };
        configure?.Invoke(options);
        return builder.Observe(services => new JsonLinesObserver(options, Logger(services)), isOwned: true);
    }

    /// <summary>
    /// Keeps the last subrequests in memory: see <see cref="SubrequestRing"/>, which is resolved by the namespace's name as its
    /// key. Adding it again changes nothing.
    /// </summary>
    /// <param name="builder">The namespace.</param>
    /// <param name="capacity">How many are kept.</param>
    /// <param name="detail">What is measured for them.</param>
    public static IDispatchNamespaceBuilder AddSubrequestRing(
        this IDispatchNamespaceBuilder builder, int capacity = SubrequestRing.DefaultCapacity, RecordDetail detail = RecordDetail.Phases) =>
        builder.ObserveShared(() => new SubrequestRing(capacity, detail));

    /// <summary>
    /// Counts what each tenant uses: see <see cref="TenantUsageMeter"/>, which is resolved by the namespace's name as its key.
    /// Adding it again changes nothing.
    /// </summary>
    public static IDispatchNamespaceBuilder AddTenantUsage(this IDispatchNamespaceBuilder builder) => builder.ObserveShared(static () => new TenantUsageMeter());

    private static ILogger? Logger(IServiceProvider services) => services.GetService<ILoggerFactory>()?.CreateLogger(LoggerName);

    private static IDispatchNamespaceBuilder ObserveShared<TObserver>(this IDispatchNamespaceBuilder builder, Func<TObserver> create)
        where TObserver : class, IOutboundObserver
    {
        ArgumentNullException.ThrowIfNull(builder);
        string name = builder.Name;
        if (builder.Services.Any(service => service.IsKeyedService && service.ServiceType == typeof(TObserver) && name.Equals(service.ServiceKey)))
        {
            return builder;
        }

        builder.Services.TryAddKeyedSingleton(name, (_, _) => create());
        return builder.Observe(services => services.GetRequiredKeyedService<TObserver>(name), isOwned: false);
    }

    private static IDispatchNamespaceBuilder Observe(this IDispatchNamespaceBuilder builder, Func<IServiceProvider, IOutboundObserver> factory, bool isOwned)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<NamespaceSetup>(builder.Name, setup => setup.Observers.Add(new ObserverRegistration(factory, isOwned)));
        return builder;
    }
}
