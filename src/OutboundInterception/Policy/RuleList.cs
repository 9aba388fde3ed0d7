using System.Collections.Frozen;
using System.Runtime.InteropServices;

namespace OutboundInterception;

/// <summary>
/// The allow or the deny rules of one level, found by host. The most specific host pattern is tried first, among the rules
/// of one pattern the one listed first; a rule whose other conditions fail leaves the word to the next.
/// </summary>
internal sealed class RuleList
{
    private readonly PolicyRule[] _rules;
    private readonly HostList? _fewNames;
    private readonly HostTrie? _manyNames;
    private readonly FrozenDictionary<UInt128, int>? _addresses;
    private readonly int _everything = -1;

    // A number below the count of rules is that rule, one above it a group of rules with the same pattern.
    private readonly int[][] _groups;

    public RuleList(IReadOnlyList<(PolicyRule Rule, IReadOnlyList<HostPattern> Hosts)> rules)
    {
        _rules = [.. rules.Select(static rule => rule.Rule)];
        List<List<int>> groups = [];

        // At its size from the start: growing to a million names costs as much as adding them.
        Dictionary<string, int> exact = new(rules.Sum(static rule => rule.Hosts.Count(static host => host.Kind == HostPatternKind.Exact)), StringComparer.Ordinal);
        Dictionary<string, int> below = new(StringComparer.Ordinal);
        Dictionary<UInt128, int> addresses = [];
        for (int rule = 0; rule < rules.Count; rule++)
        {
            foreach (HostPattern host in rules[rule].Hosts)
            {
                switch (host.Kind)
                {
                    case HostPatternKind.Everything:
                        Join(ref _everything, _everything >= 0, rule, groups);
                        break;
                    case HostPatternKind.Address:
                        Join(ref CollectionsMarshal.GetValueRefOrAddDefault(addresses, host.Address, out bool known), known, rule, groups);
                        break;
                    default:
                        Dictionary<string, int> names = host.Kind == HostPatternKind.Below ? below : exact;
                        Join(ref CollectionsMarshal.GetValueRefOrAddDefault(names, host.Name, out known), known, rule, groups);
                        break;
                }
            }
        }

        _groups = [.. groups.Select(static group => group.ToArray())];
        _addresses = addresses.Count == 0 ? null : addresses.ToFrozenDictionary();
        if (exact.Count + below.Count > 0)
        {
            List<(string, bool, int)> patterns = new(exact.Count + below.Count);
            patterns.AddRange(exact.Select(static pair => (pair.Key, false, pair.Value)));
            patterns.AddRange(below.Select(static pair => (pair.Key, true, pair.Value)));
            if (patterns.Count <= HostList.MaxCount)
            {
                _fewNames = new HostList(patterns);
            }
            else
            {
                _manyNames = HostTrieBuilder.Build(patterns, (ulong)Random.Shared.NextInt64());
            }
        }
    }

    public ReadOnlySpan<PolicyRule> Rules => _rules;

    /// <summary>The rule that decides, if one does.</summary>
    /// <param name="subject">What is judged.</param>
    /// <param name="depth">How many labels the pattern that matched has; 0 for an address, -1 for every host.</param>
    public PolicyRule? Find(in PolicySubject subject, out int depth)
    {
        PolicyRule? found;
        if (subject.Host.Address is { } address)
        {
            depth = 0;
            if (_addresses is not null
                && _addresses.TryGetValue(AddressKey.Of(address), out int rules)
                && (found = First(rules, subject)) is not null)
            {
                return found;
            }
        }
        else
        {
            depth = int.MaxValue;
            while (FindName(subject.Host.Name, ref depth) is int rules and >= 0)
            {
                if ((found = First(rules, subject)) is not null)
                {
                    return found;
                }
            }
        }

        depth = -1;
        return _everything < 0 ? null : First(_everything, subject);
    }

    private int FindName(string name, ref int depth)
        => _fewNames is not null ? _fewNames.Find(name, ref depth)
            : _manyNames is not null ? _manyNames.Find(name, ref depth)
            : -1;

    private PolicyRule? First(int rules, in PolicySubject subject)
    {
        if (rules < _rules.Length)
        {
            return _rules[rules].Matches(subject) ? _rules[rules] : null;
        }

        foreach (int rule in _groups[rules - _rules.Length])
        {
            if (_rules[rule].Matches(subject))
            {
                return _rules[rule];
            }
        }

        return null;
    }

    private void Join(ref int entry, bool known, int rule, List<List<int>> groups)
    {
        if (!known)
        {
            entry = rule;
        }
        else if (entry >= _rules.Length)
        {
            List<int> group = groups[entry - _rules.Length];
            if (group[^1] != rule)
            {
                group.Add(rule);
            }
        }
        else if (entry != rule)
        {
            groups.Add([entry, rule]);
            entry = _rules.Length + groups.Count - 1;
        }
    }
}
