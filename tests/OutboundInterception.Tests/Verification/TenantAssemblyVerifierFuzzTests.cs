using System.Diagnostics;
using System.Reflection.PortableExecutable;

namespace OutboundInterception.Tests.Verification;

/// <summary>Files that are broken in every way: each ends in a result, in time and memory that its size bounds.</summary>
internal sealed class TenantAssemblyVerifierFuzzTests
{
    private const string Source = """
        using System; using System.Collections.Generic; using System.Linq; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
        [AttributeUsage(AttributeTargets.All)] public sealed class TagAttribute(params object[] values) : Attribute { public object[] Values => values; }
        [Tag(1, "a", typeof(List<int>), new[] { 1, 2 })]
        public sealed class Shop : ITenantHandler
        {
            private readonly Dictionary<string, List<int>> _orders = [];
            public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
            {
                try { await foreach (int x in Go()) { _orders.TryAdd($"{x}", [x, 2, 3]); } } catch (Exception e) when (e.Message == "x") { }
                ReadOnlySpan<byte> bytes = "abc"u8; Span<int> room = stackalloc int[4]; room[0] = bytes.Length;
                return await context.Http.SendAsync(request, cancellationToken);
            }
            private static async IAsyncEnumerable<int> Go() { foreach (int x in Enumerable.Range(0, 3).Where(x => x > 1)) { await Task.Yield(); yield return x; } }
        }
        """;

    // A file of some kilobytes takes about a millisecond; what is far beyond that on any machine is no longer bounded by its size.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    private static readonly Lazy<byte[]> s_image = new(() => TenantCompiler.Compile(Source));

    [Test]
    public void Verify_Truncated_EndsInResult()
    {
        byte[] image = s_image.Value;
        using var reader = new PEReader(new MemoryStream(image));
        // What lies behind the metadata, the PDB and relocations, nobody needs.
        for (int length = 0; length < reader.PEHeaders.MetadataStartOffset + reader.PEHeaders.MetadataSize; length += 7)
        {
            Assert.That(TenantAssemblyVerifier.Verify(image.AsMemory(0, length)).IsAllowed, Is.False, $"the first {length} bytes");
        }
    }

    [Test]
    public void Verify_FlippedBits_EndsInResult([Range(1, 8)] int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 400; round++)
        {
            byte[] image = [.. s_image.Value];
            for (int flips = random.Next(1, 12); flips > 0; flips--)
            {
                image[random.Next(image.Length)] ^= (byte)(1 << random.Next(8));
            }

            Check(image);
        }
    }

    // The metadata alone: flips elsewhere seldom reach the readers of tables and signatures.
    [Test]
    public void Verify_RandomMetadata_EndsInResult([Range(11, 18)] int seed)
    {
        var random = new Random(seed);
        using var reader = new PEReader(new MemoryStream(s_image.Value));
        int start = reader.PEHeaders.MetadataStartOffset;
        for (int round = 0; round < 400; round++)
        {
            byte[] image = [.. s_image.Value];
            int at = start + random.Next(reader.PEHeaders.MetadataSize - 16);
            random.NextBytes(image.AsSpan(at, random.Next(1, 16)));
            Check(image);
        }
    }

    [Test]
    public void Verify_RandomBytes_EndsInResult()
    {
        var random = new Random(21);
        for (int round = 0; round < 200; round++)
        {
            byte[] image = new byte[random.Next(4096)];
            random.NextBytes(image);
            Check(image);
        }
    }

    [Test]
    public void Verify_HugeRowCounts_EndsInResult([Values(0xffff, 0xffffff, 0x7fffffff, -1)] int rows)
    {
        int table = IndexOf(s_image.Value, "#~\0\0"u8) is var name and >= 0 ? TableStart(s_image.Value, name) : -1;
        for (int i = 0; i < 20; i++)
        {
            byte[] image = [.. s_image.Value];
            BitConverter.TryWriteBytes(image.AsSpan(table + 24 + (i * 4)), rows);
            Check(image);
        }
    }

    private static void Check(byte[] image)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        VerificationResult result = TenantAssemblyVerifier.Verify(image);
        TimeSpan taken = Stopwatch.GetElapsedTime(start);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result, Is.Not.Null);
            Assert.That(allocated, Is.LessThan(100_000_000));
            Assert.That(taken, Is.LessThan(s_longest));
        }
    }

    private static int IndexOf(byte[] image, ReadOnlySpan<byte> wanted) => image.AsSpan().IndexOf(wanted);

    private static int TableStart(byte[] image, int name)
    {
        using var reader = new PEReader(new MemoryStream(image));
        return reader.PEHeaders.MetadataStartOffset + BitConverter.ToInt32(image, name - 8);
    }
}
