using System.Text.Json.Nodes;

namespace OutboundInterception.Tests.Parity;

/// <summary>One thing that we do otherwise on purpose: a place in what was recorded, what is there here, and why.</summary>
/// <param name="Scenario">Whose.</param>
/// <param name="Path">Member names and indices, in the comparer's form.</param>
/// <param name="Ours">JSON; <see langword="null"/> if there is nothing here.</param>
/// <param name="Why">One sentence.</param>
internal sealed record Difference(string Scenario, string[] Path, string? Ours, string Why)
{
    /// <summary>Puts what we do in the place of what was recorded. It fails if there is no difference, so that no row outlives its reason.</summary>
    public void Apply(JsonObject expected)
    {
        JsonNode parent = expected;
        foreach (string step in Path[..^1])
        {
            parent = (parent is JsonArray array ? array[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : parent[step])
                ?? throw new InvalidOperationException($"{Scenario} has no {string.Join('/', Path)}.");
        }

        JsonNode? ours = Ours is null ? null : JsonNode.Parse(Ours);
        if (parent is JsonArray list)
        {
            int index = int.Parse(Path[^1], System.Globalization.CultureInfo.InvariantCulture);
            ThrowIfSame(list[index], ours);
            if (ours is null)
            {
                list.RemoveAt(index);
            }
            else
            {
                list[index] = ours;
            }

            return;
        }

        JsonObject members = parent.AsObject();
        ThrowIfSame(members[Path[^1]], ours);
        if (ours is null)
        {
            members.Remove(Path[^1]);
        }
        else
        {
            members[Path[^1]] = ours;
        }
    }

    private void ThrowIfSame(JsonNode? recorded, JsonNode? ours)
    {
        if (JsonNode.DeepEquals(recorded, ours))
        {
            throw new InvalidOperationException($"{Scenario} is no different at {string.Join('/', Path)}: remove the row.");
        }
    }
}
