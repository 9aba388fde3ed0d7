using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace OutboundInterception;

/// <summary>Checks what was registered for a namespace, and makes it.</summary>
internal static class NamespaceFactory
{
    // ParameterSchema keeps track of what was given in 64 bits.
    private const int MaxParameters = 64;

    /// <exception cref="OptionsValidationException">Something is wrong; the message has all of it.</exception>
    public static DispatchNamespace Create(string name, IServiceProvider services)
    {
        DispatchNamespaceOptions options = services.GetRequiredService<IOptionsMonitor<DispatchNamespaceOptions>>().Get(name);
        NamespaceSetup setup = services.GetRequiredService<IOptionsMonitor<NamespaceSetup>>().Get(name);
        EgressOptions egressOptions = services.GetRequiredService<IOptionsMonitor<EgressOptions>>().Get(name);
        NamespaceNames names = services.GetRequiredService<NamespaceNames>();
        ILogger logger = services.GetService<ILoggerFactory>()?.CreateLogger("OutboundInterception") ?? NullLogger.Instance;
        TimeProvider time = services.GetRequiredService<TimeProvider>();

        List<WorkerRegistration> registered = [.. setup.Workers];
        List<string> problems = [.. Validate(options), .. egressOptions.Validate()];
        foreach (string service in setup.WorkerServices)
        {
            if (names.WorkerServices.TryGetValue(service, out WorkerRegistration? worker))
            {
                registered.Add(worker);
            }
            else
            {
                string known = names.WorkerServices.Count == 0 ? "none" : string.Join(", ", names.WorkerServices.Keys.Select(static known => $"'{known}'"));
                problems.Add($"Configuration names the outbound worker '{service}', which is not registered. Register it with services.AddOutboundWorker<TWorker>(\"{service}\"). Registered: {known}.");
            }
        }

        registered.AddRange(setup.LastWorkers);
        problems.AddRange(ValidateTenants(setup, services));
        List<OutboundParameter> parameters = Declared(setup, problems);
        problems.AddRange(ValidateWorkers(registered, parameters, services));
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(name, typeof(DispatchNamespaceOptions), problems.Select(problem => $"Dispatch namespace '{name}': {problem}"));
        }

        OutboundWorkerEntry[] workers = [.. registered.Select(worker =>
            new OutboundWorkerEntry(worker.Name, worker.Factory, worker.IsScoped, services))];
        Array.ForEach(workers, static worker => worker.Warm());
        EgressPoolKey pool = services.GetRequiredKeyedService<EgressPoolKey>(name);
        OutboundChain outbound = new(
            workers,
            [.. setup.Observers.Select(observer => observer(services))],
            new HttpMessageInvoker(EgressChain.Create(name, services)),
            pool,
            options,
            setup.DeniesAll,
            logger);
        TenantCollection tenants = new((exception, tenant) => Log.DisposeFailed(logger, exception, name, tenant));
        setup.Tenants.ForEach(tenants.Add);
        WarnOfOpenProcess(name, logger);
        OutboundPolicyStore policy = new(builder => setup.Policy.ForEach(configure => configure(builder)));
        return new DispatchNamespace(new NamespaceParts(name, options, services, time, logger, new ParameterSchema(parameters), policy, tenants, outbound));
    }

    // Also where there is no tenant yet: they may be added at run time.
    private static void WarnOfOpenProcess(string name, ILogger logger)
    {
        if (logger.IsEnabled(LogLevel.Warning) && OutboundProcess.Check() is { Count: > 0 } gaps)
        {
            Log.ProcessNotHardened(logger, name, string.Join("; ", gaps.Select(static gap => $"{gap.LeavesOpen} ({gap.Setting})")));
        }
    }

    private static IEnumerable<string> Validate(DispatchNamespaceOptions options)
    {
        if (options.Label is { } label && !TenantName.IsValid(label))
        {
            yield return $"Label {TenantName.Describe(label)}.";
        }

        foreach (string problem in options.Limits.Validate())
        {
            yield return problem;
        }

        if (options.ReplayBytes is < 0 or > 16 * 1024 * 1024)
        {
            yield return $"ReplayBytes is {options.ReplayBytes}; it must be from 0 to 16 MiB.";
        }

        if (options.ShutdownTimeout < TimeSpan.Zero)
        {
            yield return $"ShutdownTimeout is {options.ShutdownTimeout}; it must not be negative.";
        }

        if (options.CdnLoopId is { } id && !TenantName.IsValid(id))
        {
            yield return $"CdnLoopId {TenantName.Describe(id)}.";
        }
    }

    private static IEnumerable<string> ValidateTenants(NamespaceSetup setup, IServiceProvider services)
    {
        foreach (IGrouping<string, TenantRegistration> same in setup.Tenants.GroupBy(static tenant => tenant.Name, StringComparer.Ordinal))
        {
            if (same.Count() > 1)
            {
                yield return $"the tenant '{same.Key}' is added {same.Count()} times. Give each a name of its own, or replace one at run time with Tenants.Set.";
            }
        }

        if (services.GetService<IServiceProviderIsService>() is not { } known)
        {
            yield break;
        }

        foreach (TenantRegistration tenant in setup.Tenants.Where(static tenant => tenant.HandlerType is not null))
        {
            if (TenantConstructor.Unresolvable(tenant.HandlerType!, known) is { } problem)
            {
                yield return $"tenant '{tenant.Name}': {problem}";
            }
        }
    }

    private static List<OutboundParameter> Declared(NamespaceSetup setup, List<string> problems)
    {
        List<OutboundParameter> declared = [];
        foreach (IGrouping<string, OutboundParameter> same in setup.Parameters.GroupBy(static parameter => parameter.Name, StringComparer.Ordinal))
        {
            // What configuration declares by name alone takes the type of a key that code declares.
            OutboundParameter[] typed = [.. same.Where(static parameter => parameter.ValueType != typeof(object)).Distinct()];
            if (typed.Select(static parameter => parameter.ValueType).Distinct().Count() > 1)
            {
                problems.Add($"the outbound parameter '{same.Key}' is declared with several types: {string.Join(", ", typed.Select(static parameter => parameter.ValueType))}. Use one OutboundParameter<T> for all workers that read it.");
            }

            declared.Add(typed.FirstOrDefault() ?? same.First());
        }

        if (declared.Count > MaxParameters)
        {
            problems.Add($"{declared.Count} outbound parameters are declared; at most {MaxParameters} may be. Put several values into one object.");
        }

        return declared;
    }

    private static IEnumerable<string> ValidateWorkers(List<WorkerRegistration> workers, List<OutboundParameter> declared, IServiceProvider services)
    {
        foreach (WorkerRegistration worker in workers)
        {
            if (worker.WorkerType is not { } type)
            {
                continue;
            }

            if (services.GetService<IServiceProviderIsService>() is { } known && TenantConstructor.Unresolvable(type, known) is { } problem)
            {
                yield return $"outbound worker: {problem}";
            }

            foreach (FieldInfo field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            {
                if (typeof(OutboundParameter).IsAssignableFrom(field.FieldType)
                    && field.GetValue(null) is OutboundParameter parameter
                    && !declared.Exists(other => other.Name == parameter.Name))
                {
                    yield return $"the outbound worker {type.Name} has the parameter '{parameter.Name}', which the namespace does not declare. Write AddOutboundWorker<{type.Name}>({type.Name}.{field.Name}).";
                }
            }
        }
    }
}
