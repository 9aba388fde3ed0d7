namespace OutboundInterception;

/// <summary>A <see cref="ResilienceKey"/> whose parts need no string of their own to be looked up.</summary>
internal readonly record struct PipelineKey(string Tenant, string Scheme, string Host, int Port)
{
    public static PipelineKey Of(string tenant, Uri uri) => new(tenant, uri.Scheme, uri.Host, uri.Port);

    public override int GetHashCode() => HashCode.Combine(Tenant, Host, Port);

    public ResilienceKey ToPublic() =>
        new(Tenant, new UriBuilder(Scheme, Host, Port).Uri.GetLeftPart(UriPartial.Authority));
}
