using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace OutboundInterception.Analyzers.Tests;

/// <summary>A folder with the packed package as its only feed, and tenants' projects that use it.</summary>
internal sealed class PackedProjects : IDisposable
{
    /// <summary>A handler that may be built, with a line to be replaced.</summary>
    public const string Good = """
        using OutboundInterception;

        namespace Tenant;

        public sealed class Shop : ITenantHandler
        {
            public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
            {
                //LINE
                return await context.Http.GetAsync("https://api.example.com/orders", cancellationToken);
            }
        }
        """;

    private PackedProjects(string folder) => Folder = folder;

    /// <summary>The same with a line that tenant code may not have.</summary>
    public static string Bad { get; } = With("using var tcp = new System.Net.Sockets.TcpClient(\"10.0.0.1\", 25);");

    public string Folder { get; }

    public static string With(string line) => Good.Replace("//LINE", line, StringComparison.Ordinal);

    /// <summary>Packs what was built for these tests.</summary>
    public static async Task<PackedProjects> PackAsync()
    {
        var projects = new PackedProjects(Directory.CreateTempSubdirectory("tenant-").FullName);
        string folder = projects.Folder;
        string configuration = typeof(PackedProjects).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        (int exitCode, string output) = await DotnetAsync(
            folder, "pack", Path.Combine(Repository(), "src", "OutboundInterception.Abstractions"), "-c", configuration, "--no-build", "-o", Path.Combine(folder, "feed"), "-p:Version=1.0.0");
        Assert.That(exitCode, Is.Zero, output);
        await File.WriteAllTextAsync(Path.Combine(folder, "nuget.config"), """
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <packageSources><clear /><add key="local" value="feed" /></packageSources>
            </configuration>
            """);
        return projects;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Writes a tenant's project.</summary>
    /// <returns>Its folder.</returns>
    public async Task<string> ProjectAsync(
        string name, string source, string properties = "", string items = "", string targets = "", string reference = "")
    {
        string project = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        string contracts = reference switch
        {
            "bare" => $"""<Reference Include="{typeof(TenantContext).Assembly.Location}" />""",
            _ when reference.StartsWith('<') => reference,
            _ => $"""<PackageReference Include="OutboundInterception.Abstractions" Version="1.0.0" {reference}/>""",
        };
        await File.WriteAllTextAsync(Path.Combine(project, "Tenant.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable>
                <NuGetAudit>false</NuGetAudit><OutboundTenantAssembly>true</OutboundTenantAssembly>
                {properties}
              </PropertyGroup>
              <ItemGroup>{contracts}{items}</ItemGroup>
              {targets}
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(project, "Shop.cs"), source);
        return project;
    }

    public static Task<byte[]> AssemblyAsync(string project) => File.ReadAllBytesAsync(Path.Combine(project, "bin", "Debug", "net10.0", "Tenant.dll"));

    public static Task<(int ExitCode, string Output)> BuildAsync(string project) => DotnetAsync(project, "build", "-nologo", "-v:q");

    public static async Task<(int ExitCode, string Output)> DotnetAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // Nothing stays behind when the build is done.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    private static string Repository([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
