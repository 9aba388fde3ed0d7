using System.Diagnostics;
using System.Globalization;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OutboundInterception.Benchmarks;

/// <summary>
/// <c>analysis [--classes N]</c>: the analyzer's share of compiling a generated project, and the verifier's time for its IL.
/// Processor time of this process, the least of several runs, so that what else the machine does matters less.
/// </summary>
internal static class AnalysisCommand
{
    private const int Runs = 3;

    public static async Task<int> RunAsync(Arguments arguments)
    {
        int classes = (int)(arguments.Number("--classes") ?? 2_000);
        SyntaxTree[] trees = [.. Enumerable.Range(0, classes).Select(static index => CSharpSyntaxTree.ParseText(Class(index)))];
        byte[] image = [];
        double compile = double.MaxValue, analyse = double.MaxValue, verify = double.MaxValue;
        for (int run = 0; run < Runs; run++)
        {
            Compilation compilation = Create(trees);
            compile = double.Min(compile, await MeasureAsync(() =>
            {
                image = Emit(compilation);
                return Task.CompletedTask;
            }));

            // A compilation of its own: one that has been emitted has bound its bodies already.
            Compilation other = Create(trees);
            analyse = double.Min(analyse, await MeasureAsync(async () =>
            {
                if ((await TenantAnalysis.RunAsync(other, CancellationToken.None)).FirstOrDefault() is { } found)
                {
                    throw new InvalidOperationException(found.ToString());
                }
            }));
        }

        for (int run = 0; run < Runs * 3; run++)
        {
            verify = double.Min(verify, await MeasureAsync(() => TenantAssemblyVerifier.Verify(image).IsAllowed
                ? Task.CompletedTask
                : throw new InvalidOperationException("The verifier refuses what was generated.")));
        }

        double megabytes = Il(image) / 1e6;
        Table.Print(
        [
            ["what", "processor time"],
            [$"compiling {classes} classes", Ms(compile)],
            ["analysing them alone, binding included", Ms(analyse)],
            ["share of both", (analyse / (compile + analyse)).ToString("0.0 %", CultureInfo.InvariantCulture)],
            [string.Create(CultureInfo.InvariantCulture, $"verifying {megabytes:0.00} MB of IL, {image.Length / 1e6:0.00} MB of file"), Ms(verify)],
            ["each MB of IL", Ms(verify / megabytes)],
        ]);
        return 0;
    }

    private static string Ms(double milliseconds) => milliseconds.ToString("0 ms", CultureInfo.InvariantCulture);

    private static async Task<double> MeasureAsync(Func<Task> work)
    {
        using Process process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        await work();
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMilliseconds;
    }

    private static CSharpCompilation Create(SyntaxTree[] trees) => CSharpCompilation.Create(
        "tenant", trees, TargetingPack.References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, concurrentBuild: false));

    private static byte[] Emit(Compilation compilation)
    {
        using MemoryStream image = new();
        Microsoft.CodeAnalysis.Emit.EmitResult emitted = compilation.Emit(image);
        return emitted.Success ? image.ToArray() : throw new InvalidOperationException(emitted.Diagnostics[0].ToString());
    }

    private static long Il(byte[] image)
    {
        using PEReader file = new([.. image]);
        MetadataReader reader = file.GetMetadataReader();
        return reader.MethodDefinitions.Select(handle => reader.GetMethodDefinition(handle).RelativeVirtualAddress)
            .Where(static address => address != 0)
            .Sum(address => (long)file.GetMethodBody(address).GetILReader().Length);
    }

    private static string Class(int index) => $$"""
        using System; using System.Collections.Generic; using System.Linq; using System.Net.Http; using System.Text; using System.Threading; using System.Threading.Tasks;
        namespace Tenant;
        public sealed record Order{{index}}(int Id, string Name, decimal Price);
        public sealed class Service{{index}}(HttpClient http)
        {
            private readonly Dictionary<int, Order{{index}}> _orders = new();
            public int Count => _orders.Count;
            public void Add(Order{{index}} order) => _orders[order.Id] = order with { Price = decimal.Round(order.Price, 2) };
            public string Describe(Func<Order{{index}}, bool> filter)
            {
                StringBuilder text = new();
                foreach (Order{{index}} order in _orders.Values.Where(filter).OrderBy(order => order.Name))
                {
                    text.Append(order.Id).Append(": ").AppendLine($"{order.Name} at {order.Price:0.00}");
                }

                return text.Length == 0 ? "none" : text.ToString();
            }

            public async Task<string> FetchAsync(Uri uri, CancellationToken cancellationToken)
            {
                for (int attempt = 0; attempt < 3; attempt++)
                {
                    using HttpResponseMessage response = await http.GetAsync(uri, cancellationToken);
                    if (response.IsSuccessStatusCode)
                    {
                        return await response.Content.ReadAsStringAsync(cancellationToken);
                    }
                }

                throw new InvalidOperationException($"{uri} does not answer.");
            }

            public static int Sum(IReadOnlyList<int> values)
            {
                int sum = 0;
                for (int i = 0; i < values.Count; i++)
                {
                    sum += values[i] switch { < 0 => 0, > 100 => 100, int value => value };
                }

                return sum;
            }
        }
        """;
}
