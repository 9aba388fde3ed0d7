using System.Reflection;
using System.Runtime.CompilerServices;
using PublicApiGenerator;

namespace OutboundInterception.Tests;

/// <summary>
/// What users can see, against what was approved. A change that is wanted is approved by running these tests with
/// <c>OUTBOUND_APPROVE_API=1</c>, and is then a part of the change that a reader sees.
/// </summary>
public class PublicApiTests
{
    private static readonly Assembly[] s_assemblies = [typeof(ITenantHandler).Assembly, typeof(DispatchNamespace).Assembly];

    [TestCaseSource(nameof(s_assemblies))]
    public async Task PublicApi_OfAnAssembly_IsWhatWasApproved(Assembly assembly)
    {
        string file = Path.Combine(Folder(), "PublicApi", assembly.GetName().Name + ".txt");
        string api = assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("OUTBOUND_APPROVE_API") == "1")
        {
            await File.WriteAllTextAsync(file, api);
        }

        string approved = (await File.ReadAllTextAsync(file)).ReplaceLineEndings("\n");

        Assert.That(api.Split('\n'), Is.EqualTo(approved.Split('\n')), "Set OUTBOUND_APPROVE_API=1 if the change is wanted.");
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
