using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

/// <summary>An outbound worker as it was registered.</summary>
internal sealed record WorkerRegistration(
    [property: DynamicallyAccessedMembers(WorkerRegistration.Members)] Type? WorkerType,
    string Name,
    Func<IServiceProvider, IOutboundWorker> Factory,
    bool IsScoped)
{
    public const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields;

    public static WorkerRegistration Of<[DynamicallyAccessedMembers(Members)] TWorker>(ServiceLifetime lifetime)
        where TWorker : class, IOutboundWorker => new(
            typeof(TWorker),
            typeof(TWorker).Name,
            static services => ActivatorUtilities.CreateInstance<TWorker>(services),
            lifetime switch
            {
                ServiceLifetime.Singleton => false,
                ServiceLifetime.Scoped => true,
                _ => throw new ArgumentException(
                    "An outbound worker is a Singleton (one for all) or Scoped (one per dispatch, in its service scope).", nameof(lifetime)),
            });
}
