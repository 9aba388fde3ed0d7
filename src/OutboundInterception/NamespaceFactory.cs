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
        ILogger logger = new QuietLogger(services.GetService<ILoggerFactory>()?.CreateLogger("OutboundInterception") ?? NullLogger.Instance);
        TimeProvider time = services.GetRequiredService<TimeProvider>();

        List<WorkerRegistration> registered = [.. setup.Workers];
        List<string> problems =
        [
            .. Validate(options),
            .. options.Resilience.Validate(),
            .. options.Telemetry.Validate(),
            .. egressOptions.Validate(),
            .. setup.Faults.SelectMany(static faults => faults.Value.Validate(faults.Key)),
        ];
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
        Trust(name, workers, registered, setup.TrustedWorkers);
        EgressPoolKey pool = services.GetRequiredKeyedService<EgressPoolKey>(name);
        (HttpMessageHandler chain, EgressHandler end) = EgressChain.Create(name, services);
        ResilienceOptions resilience = options.Resilience.Copy();
        EgressPipeline egress = new(
            new HttpMessageInvoker(chain),
            resilience,
            resilience.HasPipelines ? new ResiliencePipelines(new PipelineFactory(resilience, name, time, logger), time) : null);
        OutboundChain outbound = new(
            workers,
            [.. setup.Observers.Select(observer => new ObserverEntry(observer.Factory(services), observer.IsOwned))],
            egress,
            end,
            pool,
            options,
            setup.DeniesAll,
            logger);
        TenantCollection tenants = new(name, (exception, tenant) => Log.DisposeFailed(logger, exception, name, tenant));
        setup.Tenants.ForEach(tenants.Add);
        WarnOfOpenProcess(name, logger);
        OutboundPolicyStore policy = new(builder => setup.Policy.ForEach(configure => configure(builder)));
        NamespaceResilience control = new(name, egress, time, logger);
        setup.Faults.ForEach(faults => control.InjectFaults(faults.Key, faults.Value));
        return new DispatchNamespace(new NamespaceParts(
            name, options, services, time, logger, new ParameterSchema(parameters), policy, tenants, outbound, control, services.GetRequiredService<OutboundMetrics>()));
    }

    // Also where there is no tenant yet: they may be added at run time.
    private static void WarnOfOpenProcess(string name, ILogger logger)
    {
        if (logger.IsEnabled(LogLevel.Warning) && OutboundProcess.Check() is { Count: > 0 } gaps)
        {
            Log.ProcessNotHardened(logger, name, string.Join("; ", gaps.Select(static gap => $"{gap.LeavesOpen} ({gap.Setting})")));
        }
    }

    private static void Trust(string name, OutboundWorkerEntry[] workers, List<WorkerRegistration> registered, HashSet<Type> trusted)
    {
        HashSet<Type> missing = [.. trusted];
        for (int index = 0; index < workers.Length; index++)
        {
            if ((registered[index].WorkerType ?? workers[index].SharedType) is { } type && trusted.Contains(type))
            {
                workers[index].MayChangeAuthority = true;
                missing.Remove(type);
            }
        }

        if (missing.Count > 0)
        {
            throw new OptionsValidationException(name, typeof(DispatchNamespaceOptions), missing.Select(type =>
                $"Dispatch namespace '{name}': {type.Name} is trusted to change the authority, but is no outbound worker of the namespace. Add it with AddOutboundWorker<{type.Name}>()."));
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

        if (options.KeptVersions is < 1 or > 100)
        {
            yield return $"KeptVersions is {options.KeptVersions}; it must be from 1 to 100.";
        }

        if (!Enum.IsDefined(options.Records.Url))
        {
            yield return $"Records.Url is {options.Records.Url}; use Template, Path or PathAndQuery.";
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
