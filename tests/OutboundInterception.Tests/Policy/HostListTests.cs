namespace OutboundInterception.Tests;

public sealed class HostListTests
{
    [Test]
    public void Find_RandomPatterns_AgreesWithTheTrie([Range(1, 20)] int seed)
    {
        Random random = new(seed);
        HashSet<(string Name, bool Below)> patterns = [];
        while (patterns.Count < HostList.MaxCount)
        {
            patterns.Add((Name(random), random.Next(2) == 0));
        }

        (string, bool, int)[] numbered = [.. patterns.Select((pattern, i) => (pattern.Name, pattern.Below, i))];
        HostList list = new(numbered);
        HostTrie trie = HostTrieBuilder.Build(numbered, (ulong)seed);

        using (Assert.EnterMultipleScope())
        {
            foreach (string host in Enumerable.Range(0, 1000).Select(_ => Name(random)))
            {
                int listDepth = int.MaxValue;
                int trieDepth = int.MaxValue;
                int found;
                do
                {
                    found = trie.Find(host, ref trieDepth);
                    Assert.That(list.Find(host, ref listDepth), Is.EqualTo(found), host);
                    Assert.That(listDepth, Is.EqualTo(trieDepth), host);
                }
                while (found >= 0);
            }
        }

        static string Name(Random random)
            => string.Join('.', Enumerable.Range(0, random.Next(1, 5)).Select(_ => new string((char)('a' + random.Next(2)), random.Next(1, 3))));
    }
}
