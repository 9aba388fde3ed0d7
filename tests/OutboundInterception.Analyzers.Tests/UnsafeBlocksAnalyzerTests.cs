using Microsoft.CodeAnalysis.CSharp;

namespace OutboundInterception.Analyzers.Tests;

public sealed class UnsafeBlocksAnalyzerTests
{
    [TestCase(Compiled.TenantAssembly, true, ExpectedResult = "OBI008")]
    [TestCase(Compiled.TenantAssembly, false, ExpectedResult = "")]
    [TestCase("", true, ExpectedResult = "")]
    public async Task<string> AllowUnsafeBlocks(string mark, bool isUnsafe)
    {
        CSharpCompilation compilation = Compiled.Compile(mark);
        return string.Join(",", (await Compiled.AnalyzeAsync(compilation.WithOptions(compilation.Options.WithAllowUnsafe(isUnsafe)))).Ids());
    }
}
