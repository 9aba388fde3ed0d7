using System.Text.Json;

namespace OutboundInterception.Tests.Diagnostics;

[CancelAfter(60_000)]
public class JsonLinesObserverTests
{
    private string _directory = string.Empty;

    private string File1 => Path.Combine(_directory, "sub", "records.jsonl");

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("records").FullName;

    [TearDown]
    public void DeleteDirectory() => Directory.Delete(_directory, recursive: true);

    private static int[] Numbers(string file) => [.. File.ReadLines(file).Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("number").GetInt32())];

    private static async Task WriteAsync(JsonLinesOptions options, int first, int last)
    {
        // One after the other, so that each is a batch.
        for (int number = first; number <= last; number++)
        {
            await using JsonLinesObserver observer = new(options);
            observer.SubrequestCompleted(Records.Make(number: number));
        }
    }

    [Test]
    public async Task DisposeAsync_ManyThreads_EveryRecordIsALineOfItsOwn()
    {
        JsonLinesObserver observer = new(new JsonLinesOptions { Path = File1, QueueCapacity = 10_000 });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            for (int index = 0; index < 500; index++)
            {
                observer.SubrequestCompleted(Records.Make(number: (writer * 500) + index + 1));
            }
        })));
        await observer.DisposeAsync();

        Assert.That(Numbers(File1).Order(), Is.EqualTo(Enumerable.Range(1, 2000)));
        Assert.That(observer.Dropped, Is.Zero);
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(File1), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Test]
    public async Task SubrequestCompleted_FileIsFull_IsPutAsideAndTheOldestIsDeleted()
    {
        await WriteAsync(new JsonLinesOptions { Path = File1, MaxFileBytes = 1, MaxFiles = 3 }, 1, 5);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Numbers(File1), Is.EqualTo(new[] { 5 }));
            Assert.That(Numbers(File1.Replace(".jsonl", ".1.jsonl", StringComparison.Ordinal)), Is.EqualTo(new[] { 4 }));
            Assert.That(Numbers(File1.Replace(".jsonl", ".2.jsonl", StringComparison.Ordinal)), Is.EqualTo(new[] { 3 }));
            Assert.That(Directory.GetFiles(Path.GetDirectoryName(File1)!), Has.Length.EqualTo(3));
        }
    }

    [Test]
    public async Task SubrequestCompleted_OnlyOneFile_BeginsItAnew()
    {
        await WriteAsync(new JsonLinesOptions { Path = File1, MaxFileBytes = 1, MaxFiles = 1 }, 1, 3);
        Assert.That(Numbers(File1), Is.EqualTo(new[] { 3 }));
    }

    [Test]
    public async Task Constructor_LastLineIsTorn_TheNextBeginsBehindIt()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File1)!);
        await File.WriteAllTextAsync(File1, "{\"v\":1,\"ti");
        await WriteAsync(new JsonLinesOptions { Path = File1 }, 1, 1);

        string[] lines = await File.ReadAllLinesAsync(File1);
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(JsonDocument.Parse(lines[1]).RootElement.GetProperty("number").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public async Task SubrequestCompleted_FileCannotBePutAside_CountsWhatIsLost()
    {
        // A directory stands where the full file should go.
        Directory.CreateDirectory(Path.Combine(File1.Replace(".jsonl", ".1.jsonl", StringComparison.Ordinal), "full"));
        JsonLinesOptions options = new() { Path = File1, MaxFileBytes = 1, MaxFiles = 2 };
        await WriteAsync(options, 1, 1);
        JsonLinesObserver observer = new(options);
        observer.SubrequestCompleted(Records.Make(number: 2));
        await observer.DisposeAsync();

        Assert.That(observer.Dropped, Is.EqualTo(1));
        Assert.That(Numbers(File1), Is.EqualTo(new[] { 1 }));
    }
}
