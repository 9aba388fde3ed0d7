using Microsoft.Extensions.DependencyInjection.Extensions;
using OutboundInterception;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds credentials to a dispatch namespace.</summary>
public static class CredentialsDispatchNamespaceBuilderExtensions
{
    /// <summary>
    /// The name of the <see cref="HttpClient"/> that token endpoints are called with: configure it with
    /// <c>services.AddHttpClient(name)</c>. It is the host's own and knows no policy and no address guard; it follows no redirects.
    /// </summary>
    public const string HttpClientName = "OutboundInterception.Credentials";

    // A token endpoint's answer has a few KiB.
    private const int MaxTokenResponse = 256 * 1024;

    /// <summary>
    /// Adds a credential to the requests to some hosts, over https and their default port alone. It runs behind all other outbound
    /// workers, which neither see nor move it, on each redirect hop anew; a header of the same name that the tenant sends is
    /// replaced. Secrets that the origin sends back in plain text are hidden from the tenant.
    /// </summary>
    /// <param name="builder">The namespace.</param>
    /// <param name="credential">What is added.</param>
    /// <param name="hosts">As in a policy: <c>api.example.com</c>, or <c>*.example.com</c> for every name below.</param>
    /// <exception cref="ArgumentException">There is no host, or <c>**</c>.</exception>
    /// <exception cref="PolicyValidationException">A host is wrong.</exception>
    public static IDispatchNamespaceBuilder AddCredentials(
        this IDispatchNamespaceBuilder builder, Credential credential, params IEnumerable<string> hosts)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        return builder.AddCredentials(credential, binding => binding.For(rule => rule.Hosts(hosts)));
    }

    /// <summary>Adds a credential to the requests that a binding describes: by host, path, method, tenant and so on.</summary>
    /// <inheritdoc cref="AddCredentials(IDispatchNamespaceBuilder, Credential, IEnumerable{string})"/>
    public static IDispatchNamespaceBuilder AddCredentials(
        this IDispatchNamespaceBuilder builder, Credential credential, Action<CredentialBinding> bind)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return builder.AddCredentials(_ => credential, bind);
    }

    /// <summary>Adds a credential that a function makes from the host's services, once, when the namespace is made.</summary>
    /// <inheritdoc cref="AddCredentials(IDispatchNamespaceBuilder, Credential, IEnumerable{string})"/>
    public static IDispatchNamespaceBuilder AddCredentials(
        this IDispatchNamespaceBuilder builder, Func<IServiceProvider, Credential> credential, Action<CredentialBinding> bind)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentNullException.ThrowIfNull(bind);
        CredentialBinding binding = new();
        bind(binding);
        OutboundPolicy requests = binding.Compile();
        AddHttpClient(builder.Services);

        // The worker alone holds the secret: as a service, a tenant's constructor could ask for it.
        return builder.AddLastOutboundWorker(
            "credentials", services => new CredentialWorker(credential(services).CreateSource(services), requests, binding.Tenant, binding.Redaction));
    }

    private static void AddHttpClient(IServiceCollection services)
    {
        if (services.Any(static service => service.ServiceType == typeof(HttpClientMarker)))
        {
            return;
        }

        services.TryAddSingleton(new HttpClientMarker());
        services.AddHttpClient(HttpClientName, static client =>
            {
                client.MaxResponseContentBufferSize = MaxTokenResponse;

                // Each request has a timeout of its own.
                client.Timeout = Timeout.InfiniteTimeSpan;
            })

            // The framework's write Authorization into the state of an entry, though not into its text.
            .RemoveAllLoggers()
            .UseSocketsHttpHandler(static (handler, _) =>
            {
                // A redirect would carry the client's secret along.
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;

                // Also takes away the diagnostic events, which show the request to every listener in the process.
                handler.ActivityHeadersPropagator = null;
            });
    }

    private sealed class HttpClientMarker;
}
