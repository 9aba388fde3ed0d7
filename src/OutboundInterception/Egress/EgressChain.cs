using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OutboundInterception;

/// <summary>The handlers of a namespace's egress, made once: what the host added, and ours at the end.</summary>
internal static class EgressChain
{
    public static string ClientName(string namespaceName) => $"OutboundInterception:{namespaceName}";

    /// <exception cref="OptionsValidationException">The primary handler is not ours.</exception>
    public static (HttpMessageHandler Chain, EgressHandler End) Create(string name, IServiceProvider services)
    {
        HttpMessageHandler chain = services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(ClientName(name));
        HttpMessageHandler? last = chain;
        while (last is DelegatingHandler delegating)
        {
            last = delegating.InnerHandler;
        }

        return last is EgressHandler end
            ? (chain, end)
            : throw new OptionsValidationException(name, typeof(EgressOptions), [
                $"Dispatch namespace '{name}': the primary handler of its egress was replaced by {last?.GetType().ToString() ?? "nothing"}, which would let requests pass by the address guard. In ConfigureEgress, add handlers with AddHttpMessageHandler; set the connections with ConfigureConnections."]);
    }
}
