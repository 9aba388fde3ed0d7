namespace OutboundInterception.Benchmarks;

/// <summary>The chain as the original has it: a dispatcher, a tenant behind it, and an outbound worker that adds a header.</summary>
internal static class WorkerdConfiguration
{
    public static string Create(int port, string origin) => $$"""
        using Workerd = import "/workerd/workerd.capnp";

        const config :Workerd.Config = (
          services = [
            (name = "dispatcher", worker = (
              compatibilityDate = "2025-06-01",
              modules = [(name = "dispatcher", esModule = "export default { fetch(request, env) { return env.tenant.fetch(request); } };")],
              bindings = [(name = "tenant", service = "tenant")],
            )),
            (name = "tenant", worker = (
              compatibilityDate = "2025-06-01",
              modules = [(name = "tenant", esModule = "export default { fetch(request) { return fetch(new Request('{{origin}}' + new URL(request.url).pathname, request)); } };")],
              globalOutbound = "outbound",
            )),
            (name = "outbound", worker = (
              compatibilityDate = "2025-06-01",
              modules = [(name = "outbound", esModule = "export default { fetch(request) { const sent = new Request(request); sent.headers.set('X-Platform', 'tenant'); return fetch(sent); } };")],
              globalOutbound = "network",
            )),
            (name = "network", network = (allow = ["public", "private", "local"])),
          ],
          sockets = [(name = "http", address = "127.0.0.1:{{port}}", http = (), service = "dispatcher")],
        );
        """;
}
