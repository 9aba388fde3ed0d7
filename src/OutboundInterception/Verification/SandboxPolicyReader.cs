namespace OutboundInterception;

/// <summary>Reads the format that the head of <c>SandboxPolicy.txt</c> describes.</summary>
internal static class SandboxPolicyReader
{
    private static readonly string[] s_signs = ["+", "-", "--", "~", "!"];

    /// <summary>Reads a list.</summary>
    /// <exception cref="FormatException">A line can't be read; the message has its number.</exception>
    public static SandboxPolicy Read(TextReader reader)
    {
        var assemblies = new Dictionary<string, Dictionary<string, SandboxTypeRule>>(StringComparer.Ordinal);
        Dictionary<string, SandboxTypeRule>? types = null;
        SandboxTypeRule? type = null;
        int number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            int comment = line.IndexOf('#');
            string reason = comment < 0 ? "" : line.Substring(comment + 1).Trim();
            string text = (comment < 0 ? line : line.Substring(0, comment)).TrimEnd();
            if (text.Length == 0)
            {
                continue;
            }

            if (text[0] == '[')
            {
                assemblies.Add(text.Substring(1, text.Length - 2), types = new Dictionary<string, SandboxTypeRule>(StringComparer.Ordinal));
            }
            else if (text[0] == ' ')
            {
                (type ?? throw Wrong(number)).Members.Add(ReadMember(text.Trim(), reason, number));
            }
            else
            {
                (string name, string relations) = Cut(text);
                type = ReadType(relations, reason, number);
                (types ?? throw Wrong(number)).Add(name, type);
            }
        }

        return new SandboxPolicy(assemblies);
    }

    private static SandboxTypeRule ReadType(string text, string reason, int number)
    {
        if (text.StartsWith("compiler:", StringComparison.Ordinal))
        {
            return new SandboxTypeRule(false, false, false, text.Substring("compiler:".Length).Trim(), reason);
        }

        string[] relations = text.Split([' '], StringSplitOptions.RemoveEmptyEntries);
        bool Has(string relation) => Array.IndexOf(relations, relation) >= 0;
        bool mention = Has("mention"), call = Has("call"), inherit = Has("inherit");
        int known = (mention ? 1 : 0) + (call ? 1 : 0) + (inherit ? 1 : 0);
        return known == relations.Length && known > 0 ? new SandboxTypeRule(mention, call, inherit, null, reason) : throw Wrong(number);
    }

    private static SandboxMemberRule ReadMember(string text, string reason, int number)
    {
        int space = text.IndexOf(' ');
        string sign = space < 0 ? "" : text.Substring(0, space);
        if (Array.IndexOf(s_signs, sign) < 0)
        {
            throw Wrong(number);
        }

        (string pattern, string argument) = Cut(text.Substring(space + 1).Trim());
        bool needsArgument = sign is "~" or "!";
        return needsArgument == argument.Length > 0 && (sign != "!" || argument is "activate" or "deserialize")
            ? new SandboxMemberRule(sign, pattern, argument, reason)
            : throw Wrong(number);
    }

    private static (string Left, string Right) Cut(string text)
    {
        int colon = text.IndexOf(':');
        return colon < 0 ? (text, "") : (text.Substring(0, colon).Trim(), text.Substring(colon + 1).Trim());
    }

    private static FormatException Wrong(int number) =>
        new("Line " + number.ToString(System.Globalization.CultureInfo.InvariantCulture) + " of the sandbox policy can't be read.");
}
