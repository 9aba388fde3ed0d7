namespace OutboundInterception.Tests;

public sealed class HostTrieTests
{
    [Test]
    public void Find_NestedPatterns_GoesFromTheMostSpecificOutwards()
    {
        HostTrie trie = HostTrieBuilder.Build(
            [("test", true, 1), ("b.test", true, 2), ("b.test", false, 3), ("a.b.test", false, 4), ("a.b.test", true, 5)], seed: 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(All(trie, "a.b.test"), Is.EqualTo(new[] { 4, 2, 1 }));
            Assert.That(All(trie, "x.a.b.test"), Is.EqualTo(new[] { 5, 2, 1 }));
            Assert.That(All(trie, "b.test"), Is.EqualTo(new[] { 3, 1 }));
            Assert.That(All(trie, "y.x.c.test"), Is.EqualTo(new[] { 1 }));
            Assert.That(All(trie, "test"), Is.Empty);
            Assert.That(All(trie, "b.test.example"), Is.Empty);
        }
    }

    [TestCase("")]
    [TestCase(".")]
    [TestCase("..")]
    [TestCase(".test")]
    [TestCase("a.test.")]
    [TestCase("a..test")]
    [TestCase("A.TEST")]
    [TestCase("ä.test")]
    [TestCase("a\0test")]
    public void Find_NoCanonicalName_FindsNothingAndDoesNotThrow(string host)
    {
        HostTrie trie = HostTrieBuilder.Build([("a.test", false, 0), ("b.test", false, 1)], seed: 1);

        Assert.That(All(trie, host), Is.Empty);
    }

    // Few letters and short labels: everything nests, and half of what is asked for is nearly a rule.
    [Test]
    public void Find_RandomPatterns_AgreesWithComparingEach([Range(1, 20)] int seed)
    {
        Random random = new(seed);
        HashSet<(string Name, bool Below)> patterns = [];
        while (patterns.Count < 40 * seed)
        {
            patterns.Add((Name(random), random.Next(2) == 0));
        }

        (string Name, bool Below, int Value)[] numbered = [.. patterns.Select((pattern, i) => (pattern.Name, pattern.Below, i * 37))];
        HostTrie trie = HostTrieBuilder.Build(numbered, (ulong)seed);

        using (Assert.EnterMultipleScope())
        {
            foreach (string host in Enumerable.Range(0, 2000).Select(_ => Name(random)).Concat(patterns.Select(pattern => pattern.Name)))
            {
                int[] expected = [.. numbered
                    .Where(pattern => pattern.Below ? host.EndsWith("." + pattern.Name, StringComparison.Ordinal) : host == pattern.Name)
                    .OrderByDescending(pattern => pattern.Name.Length)
                    .Select(pattern => pattern.Value)];
                Assert.That(All(trie, host), Is.EqualTo(expected), host);
            }
        }

        static string Name(Random random)
            => string.Join('.', Enumerable.Range(0, random.Next(1, 6)).Select(_ => new string((char)('a' + random.Next(3)), random.Next(1, 7))));
    }

    // Two names that the table could not tell apart under this seed; birthdays make one in some tens of thousands.
    [Test]
    public void Build_NodesThatLookAlike_TakesAnotherSeedAndFindsBoth()
    {
        const int Capacity = 4;
        string[] alike = [.. Enumerable.Range(0, 300_000)
            .Select(i => $"name{i}")
            .GroupBy(name => (HostTrie.Tag(HostTrie.Hash(1, name)), HostTrie.Home(HostTrie.Hash(1, name), Capacity)))
            .First(group => group.Count() > 1)
            .Take(2)];

        HostTrie trie = HostTrieBuilder.Build([(alike[0], false, 0), (alike[1], false, 1)], seed: 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(All(trie, alike[0]), Is.EqualTo(new[] { 0 }));
            Assert.That(All(trie, alike[1]), Is.EqualTo(new[] { 1 }));
        }
    }

    [Test]
    public void Find_NestedToTheLimit_GivesEveryPattern()
    {
        string host = string.Join('.', Enumerable.Repeat("a", 127));
        HostTrie trie = HostTrieBuilder.Build(
            [.. Enumerable.Range(1, 126).Select(labels => (host[^((2 * labels) - 1)..], true, labels)), (host, false, 127)], seed: 7);

        Assert.That(All(trie, host), Is.EqualTo(Enumerable.Range(1, 127).Reverse()));
    }

    [Test]
    [Category("Slow")]
    public void Build_MillionPatterns_FindsEachInFortyBytesAPattern()
    {
        (string Name, bool Below, int Value)[] patterns =
            [.. Enumerable.Range(0, 1_000_000).Select(i => ($"customer{i}.region{i % 1000}.example.{(i % 7 == 0 ? "com" : "net")}", i % 3 == 0, i % 1000))];
        HostTrie trie = HostTrieBuilder.Build(patterns, seed: 42);
        int wrong = 0;

        foreach ((string name, bool below, int value) in patterns)
        {
            int depth = int.MaxValue;
            wrong += trie.Find(below ? "x." + name : name, ref depth) == value ? 0 : 1;
            depth = int.MaxValue;
            wrong += trie.Find(below ? name : "x." + name, ref depth) < 0 ? 0 : 1;
            depth = int.MaxValue;
            wrong += trie.Find("z" + name, ref depth) < 0 ? 0 : 1;
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(wrong, Is.Zero);

            // Names of 35 characters on average, which are kept; the table itself takes some 11 bytes.
            Assert.That(trie.Bytes / (double)patterns.Length, Is.LessThan(patterns.Average(pattern => pattern.Name.Length) + 16));
        }
    }

    private static List<int> All(HostTrie trie, string host)
    {
        List<int> found = [];
        int depth = int.MaxValue;
        while (trie.Find(host, ref depth) is int value and >= 0)
        {
            found.Add(value);
        }

        return found;
    }
}
