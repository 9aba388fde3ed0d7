using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using HardeningProbe;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace OutboundInterception.Tests;

[CancelAfter(120_000)]
public class OutboundProcessTests
{
    private static readonly string s_probe = typeof(RequestListener).Assembly.Location;

    [Test]
    public async Task HardenProcess_NotSet_TenantsCodeSeesAndFetches_K5_L1_N1_K1(CancellationToken cancellationToken)
    {
        string runtimeconfig = Path.Combine(Directory.CreateTempSubdirectory().FullName, "open.runtimeconfig.json");
        await File.WriteAllTextAsync(runtimeconfig, await ReadWithoutSettingsAsync(cancellationToken), cancellationToken);

        string output = await RunAsync(["exec", "--runtimeconfig", runtimeconfig, s_probe], cancellationToken);

        Assert.That(output.Trim().Split(Environment.NewLine), Is.EqualTo(new[]
        {
            "EventListener saw Authorization: True",
            "DiagnosticListener saw Authorization: True",
            "XmlReader fetched: True",
            "X509Chain fetched: True",
            "gap: System.Diagnostics.Tracing.EventSource.IsSupported is not set",
            "gap: System.Net.Http.EnableActivityPropagation is not set",
            "gap: System.Net.SocketsHttpHandler.Http3Support is not set",
            "gap: System.Xml.XmlResolver.IsNetworkingEnabledByDefault is not set",
            "gap: System.Security.Cryptography.AiaDownloadLimit is not set",
        }));
    }

    [Test]
    public async Task HardenProcess_Set_ArrivesAndClosesThem_K5_L1_N1_K1(CancellationToken cancellationToken)
    {
        string output = await RunAsync([s_probe], cancellationToken);

        Assert.That(output.Trim().Split(Environment.NewLine), Is.EqualTo(new[]
        {
            "EventListener saw Authorization: False",
            "DiagnosticListener saw Authorization: False",
            "XmlReader fetched: False",
            "X509Chain fetched: False",
        }));
    }

    [Test]
    public void HardenProcess_OnePropertySetOtherwise_KeepsThatValueAndSetsTheOthers()
    {
        string targets = Path.Combine(Folder(), "..", "..", "src", "OutboundInterception", "buildTransitive", "OutboundInterception.targets");
        string text = File.ReadAllText(targets);

        foreach (OutboundProcessGap gap in OutboundProcess.Check(static _ => null))
        {
            Assert.That(text, Does.Contain($"<{gap.Property} Condition=\"'$({gap.Property})' == ''\">{gap.Expected}</{gap.Property}>"));
        }
    }

    [TestCase("False", "0", 3)]
    [TestCase("true", "0", 4)]
    [TestCase("false", "1", 4)]
    public void Check_SomeAreSet_ReportsTheOthersWithWhatTheyAre(string events, string limit, int gaps)
    {
        IReadOnlyList<OutboundProcessGap> found = OutboundProcess.Check(name => name switch
        {
            "System.Diagnostics.Tracing.EventSource.IsSupported" => events,
            "System.Security.Cryptography.AiaDownloadLimit" => limit,
            _ => null,
        });

        Assert.That(found, Has.Count.EqualTo(gaps));
        Assert.That(found.Select(gap => gap.Actual), Is.All.AnyOf(events, limit, null));
    }

    [Test]
    public async Task Start_ProcessIsOpen_WarnsOnceForTheNamespaceWithEachSetting()
    {
        using FakeLoggerProvider logs = new();
        await using Platform platform = Platform.Create(
            builder => builder.AddTenant("tenant", (_, _, _) => Task.FromResult(new HttpResponseMessage())),
            services => services.AddLogging(logging => logging.AddProvider(logs)));

        FakeLogRecord[] warnings = [.. logs.Collector.GetSnapshot().Where(record => record.Id.Id == 15)];

        Assert.That(warnings, Has.Length.EqualTo(1));
        Assert.That(warnings[0].Level, Is.EqualTo(LogLevel.Warning));
        foreach (OutboundProcessGap gap in OutboundProcess.Check())
        {
            Assert.That(warnings[0].Message, Does.Contain(gap.Setting));
        }
    }

    [Test]
    public async Task Start_ProcessIsHardenedOrNot_WarnsOnceOrNotAtAll([Values] bool isHardened, CancellationToken cancellationToken)
    {
        string runtimeconfig = Path.Combine(Directory.CreateTempSubdirectory().FullName, "open.runtimeconfig.json");
        await File.WriteAllTextAsync(runtimeconfig, await ReadWithoutSettingsAsync(cancellationToken), cancellationToken);

        string output = await RunAsync(
            isHardened ? [s_probe, "namespace"] : ["exec", "--runtimeconfig", runtimeconfig, s_probe, "namespace"], cancellationToken);

        Assert.That(output.Trim(), Is.EqualTo(isHardened ? "" : "Warning 15"));
    }

    private static async Task<string> ReadWithoutSettingsAsync(CancellationToken cancellationToken)
    {
        JsonNode config = JsonNode.Parse(await File.ReadAllTextAsync(Path.ChangeExtension(s_probe, ".runtimeconfig.json"), cancellationToken))!;
        JsonObject properties = config["runtimeOptions"]!["configProperties"]!.AsObject();
        foreach (OutboundProcessGap gap in OutboundProcess.Check(static _ => null))
        {
            Assert.That(properties.Remove(gap.Setting), Is.True, gap.Setting);
        }

        return config.ToJsonString();
    }

    private static async Task<string> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.That(process.ExitCode, Is.Zero, output + await error);
        return output;
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
