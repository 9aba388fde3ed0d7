using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Metadata;
using System.Text.Json;

namespace OutboundInterception;

/// <summary>
/// System.Text.Json remembers every type that it has seen in the options that all share (<see cref="JsonSerializerOptions.Web"/>,
/// which GetFromJsonAsync uses), and with the type the tenant's whole code. It has a handler that empties these caches after
/// a hot reload, and says so with <see cref="MetadataUpdateHandlerAttribute"/>, whose contract is a static ClearCache(Type[]?).
/// Nothing else of the framework that tenants may use was measured to keep types of a collectible context.
/// </summary>
internal static class SerializerCache
{
    private static readonly Action<Type[]?>? s_clear = Find();

    /// <summary>What is in use is computed anew when it is next needed.</summary>
    public static void Clear() => s_clear?.Invoke(null);

    // A trimmed application has no hot reload, and loads no tenants either.
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Without the handler there is nothing to call.")]
    private static Action<Type[]?>? Find() => typeof(JsonSerializer).Assembly
        .GetCustomAttributes<MetadataUpdateHandlerAttribute>()
        .Select(static handler => handler.HandlerType.GetMethod(
            "ClearCache", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, [typeof(Type[])]))
        .FirstOrDefault(static method => method is not null)?
        .CreateDelegate<Action<Type[]?>>();
}
