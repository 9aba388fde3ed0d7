using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;

namespace OutboundInterception.Tests.Holes;

/// <summary>Settings of the process that anybody in it may make.</summary>
[CancelAfter(60_000)]
[NonParallelizable] // What it sets belongs to the process.
public class OProcessTests
{
    [Test]
    public async Task O1_SwitchSetByWhoComesFirst_IsObeyedByAPlainHandler(CancellationToken cancellationToken)
    {
        // In a process of its own, where nothing was sent before.
        string probe = typeof(HardeningProbe.RequestListener).Assembly.Location;
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [probe, "switch"]) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);

        Assert.That(output.Trim(), Is.EqualTo("MaxConnectionsPerServer of a plain handler: 7"));
    }

    [Test]
    public void O1_SwitchSetBeforeTheFirstRequest_ChangesNothingOfOurs()
    {
        const string Name = "System.Net.SocketsHttpHandler.MaxConnectionsPerServer";
        Type settings = typeof(HttpClient).Assembly.GetType("System.Net.Http.GlobalHttpSettings+SocketsHttpHandler", throwOnError: true)!;
        PropertyInfo? setting = settings.GetProperty("MaxConnectionsPerServer", BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public);
        using SocketsHttpHandler before = new();
        object? old = AppContext.GetData(Name);
        try
        {
            // Who comes first is obeyed; who comes later, as here, is not. Ours says each value itself.
            AppContext.SetData(Name, 7);
            using SocketsHttpHandler plain = new();
            using SocketsHttpHandler ours = EgressPool.Create(new EgressOptions(), PlainClient.ConnectAsync, certificate: null);

            Assert.That(setting, Is.Not.Null, "the framework reads the number of connections from a switch, once");
            Assert.That(plain.MaxConnectionsPerServer, Is.EqualTo(before.MaxConnectionsPerServer));
            Assert.That(ours.MaxConnectionsPerServer, Is.EqualTo(256));
        }
        finally
        {
            AppContext.SetData(Name, old);
        }
    }

    [Test]
    public void Check_ProcessWithoutTheBuildProperty_NamesEachSetting_O2_O6_O7()
    {
        // What each does to a process, OutboundProcessTests shows with one that has them and one that has not.
        Assert.That(OutboundProcess.Check(static _ => null).Select(static gap => $"{gap.Setting}={gap.Expected}"), Is.EquivalentTo(new[]
        {
            "System.Diagnostics.Tracing.EventSource.IsSupported=false",
            "System.Net.Http.EnableActivityPropagation=false",
            "System.Net.SocketsHttpHandler.Http3Support=false",
            "System.Xml.XmlResolver.IsNetworkingEnabledByDefault=false",
            "System.Security.Cryptography.AiaDownloadLimit=0",
        }));
    }

    [Test]
    public async Task O3_CallbackOfServicePointManager_IsNotAsked()
    {
        using TestAuthority authority = new();
        using X509Certificate2 certificate = authority.Issue(Hosts.Allowed);
        await using WebServer server = await WebServer.StartAsync(certificate: certificate);
#pragma warning disable SYSLIB0014 // What tenants' old code still has.
        ServicePointManager.ServerCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
        try
        {
            HttpWebRequest request = WebRequest.CreateHttp($"https://127.0.0.1:{server.Port}/");
            using WebResponse plain = await request.GetResponseAsync();

            Assert.That(((HttpWebResponse)plain).StatusCode, Is.EqualTo(HttpStatusCode.OK), "an untrusted certificate of another name");

            await using GuardedTenant guarded = new();
            Exception? failure = await guarded.FailAsync(context => context.Http.GetStringAsync($"https://{Hosts.Allowed}:{server.Port}/"));

            Assert.That(failure, Is.TypeOf<OutboundException>());
        }
        finally
        {
            ServicePointManager.ServerCertificateValidationCallback = null;
        }
#pragma warning restore SYSLIB0014
    }
}
