using BenchmarkDotNet.Attributes;

namespace OutboundInterception.Benchmarks;

/// <summary>Row 10: which rule a host meets, among many.</summary>
[MemoryDiagnoser]
public class HostRuleBenchmarks
{
    public const int Operations = 1 << 12;

    private PolicySubject[] _hits = null!;
    private PolicySubject[] _misses = null!;
    private string[] _suffixes = null!;
    private RuleList _rules = null!;

    [Params(10, 10_000, 1_000_000)]
    public int Rules { get; set; } = 10;

    /// <summary>A million names as customers' are: some of a label more, a tenth of them with what lies below.</summary>
    public static string Pattern(int number) =>
        $"{(number % 10 == 0 ? "*." : "")}{(number % 3 == 0 ? "api." : "")}shop{number}.{(number % 2 == 0 ? "com" : "co.uk")}";

    [GlobalSetup]
    public void Setup()
    {
        string[] patterns = [.. Enumerable.Range(0, Rules).Select(Pattern)];
        _rules = Compile(patterns);
        _suffixes = [.. patterns.Select(static pattern => pattern.StartsWith("*.", StringComparison.Ordinal) ? pattern[1..] : pattern)];
        Random random = new(1);
        _hits = [.. Enumerable.Range(0, Operations).Select(_ => Subject(patterns[random.Next(Rules)].Replace("*.", "www.", StringComparison.Ordinal)))];
        _misses = [.. Enumerable.Range(0, Operations).Select(_ => Subject($"www.stranger-{random.Next()}.example.{(random.Next(2) == 0 ? "com" : "org")}"))];
    }

    [Benchmark(OperationsPerInvoke = Operations, Description = "rules, hit")]
    public int Hit() => Count(_hits);

    [Benchmark(OperationsPerInvoke = Operations, Description = "rules, miss")]
    public int Miss() => Count(_misses);

    /// <summary>As people write it: is it one of them, or below one?</summary>
    public int SuffixList(int count)
    {
        int found = 0;
        foreach (PolicySubject subject in _hits.AsSpan(0, count))
        {
            string host = subject.Host.Name;
            foreach (string suffix in _suffixes)
            {
                if (suffix[0] == '.' ? host.EndsWith(suffix, StringComparison.Ordinal) : host == suffix)
                {
                    found++;
                    break;
                }
            }
        }

        return found;
    }

    internal static RuleList Compile(IEnumerable<string> patterns)
    {
        PolicyRuleBuilder rule = new();
        rule.Hosts(patterns);
        return new RuleCompiler().Compile([rule], denies: false, tenant: null)!;
    }

    private static PolicySubject Subject(string host)
    {
        Uri uri = new($"https://{host}/");
        return new PolicySubject(HostName.Of(uri), HttpMethod.Get, uri, null);
    }

    private int Count(PolicySubject[] subjects)
    {
        int found = 0;
        foreach (ref readonly PolicySubject subject in subjects.AsSpan())
        {
            found += _rules.Find(subject, out _) is null ? 0 : 1;
        }

        return found;
    }
}
