using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

/// <summary>A token by the client credentials grant.</summary>
internal sealed class ClientCredential(Func<CredentialContext, ClientCredentialsOptions> choose) : Credential
{
    public override string ToString() => "Bearer in Authorization, by client credentials";

    internal override CredentialSource CreateSource(IServiceProvider services)
    {
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        return new Source(choose, new TokenCache(new TokenClient(services.GetRequiredService<IHttpClientFactory>(), time), time));
    }

    private sealed class Source(Func<CredentialContext, ClientCredentialsOptions> choose, TokenCache cache) : CredentialSource
    {
        public override bool CanRefresh => true;

        public override ValueTask<IssuedCredential?> GetAsync(CredentialContext context, IssuedCredential? rejected, CancellationToken cancellationToken) =>
            Find(context, out ClientCredentialsOptions options).GetAsync(options, rejected, cancellationToken)!;

        public override void Reject(CredentialContext context, IssuedCredential rejected) => Find(context, out ClientCredentialsOptions options).Reject(options, rejected);

        private TokenSlot Find(CredentialContext context, out ClientCredentialsOptions options)
        {
            options = choose(context) ?? throw new InvalidOperationException("The delegate that chooses the client of a credential returned null.");
            return cache.Get(new TokenKey(context.Outbound.Namespace, context.Outbound.Tenant, options));
        }
    }
}
