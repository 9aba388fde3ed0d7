using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace OutboundInterception;

/// <summary>
/// Refuses text that the parser would read for very long, before it does: it asks for no cancellation in an expression. The
/// tokens tell, with those in the holes of interpolated strings, which are one token each.
/// </summary>
internal sealed class SourceTokens(CSharpParseOptions options, CancellationToken cancellationToken)
{
    // 8,000: the lexer reads those that are nested more than once too, and as many as a file holds took it more than 15 s.
    private const int MaxInterpolatedStrings = 8_000;

    private readonly ParserWork _work = new();

    /// <summary>The first place that is too much, or <see langword="null"/>.</summary>
    public static DeploymentDiagnostic? Check(string text, string path, CSharpParseOptions options, CancellationToken cancellationToken)
    {
        SourceTokens tokens = new(options, cancellationToken);
        Problem? problem = InterpolatedStrings(text) > MaxInterpolatedStrings
            ? new Problem(0, SourceProblem.TooCostly, $"The file has more than {MaxInterpolatedStrings} interpolated strings. Split it up.")
            : SyntaxFactory.ParseTokens(text, options: options).Select(token => tokens.Add(token, 0)).FirstOrDefault(static found => found is not null);
        return problem is null ? null : SourceProblem.At(SourceText.From(text).Lines.GetLinePosition(problem.Position), path, problem.Rule, problem.Message);
    }

    /// <param name="token">The next one.</param>
    /// <param name="start">Where the text begins that its position is relative to.</param>
    private Problem? Add(SyntaxToken token, int start)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int position = start + token.SpanStart;
        if (_work.Add(token) is (string rule, string message))
        {
            return new Problem(position, rule, message);
        }

        return token.IsKind(SyntaxKind.InterpolatedStringToken) ? AddHoles(token, position) : null;
    }

    private Problem? AddHoles(SyntaxToken token, int start)
    {
        // Where its holes are would be a guess.
        if (token.GetDiagnostics().FirstOrDefault(static found => found.Severity == DiagnosticSeverity.Error) is { } malformed)
        {
            return new Problem(start, malformed.Id, malformed.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
        }

        string literal = token.Text;
        int quotes = literal.IndexOf('"', StringComparison.Ordinal);
        int dollars = literal.AsSpan(0, quotes).Count('$');
        bool isRaw = dollars == quotes && literal.AsSpan(quotes).StartsWith("\"\"\"");
        int at = quotes;
        while ((at = literal.IndexOf('{', at)) >= 0)
        {
            int braces = literal.Length - at - literal.AsSpan(at).TrimStart('{').Length;
            at += braces;
            if ((isRaw ? braces >= dollars : braces % 2 == 1) && AddHole(literal, start, ref at) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private Problem? AddHole(string literal, int start, ref int at)
    {
        int around = _work.Depth;
        _work.OpenHole();
        foreach (SyntaxToken token in SyntaxFactory.ParseTokens(literal, at, at, options))
        {
            // They would hide what follows, but here alone: the parser knows neither inside a string.
            if (token.ContainsDirectives || token.GetAllTrivia().Any(static trivia => trivia.IsKind(SyntaxKind.ConflictMarkerTrivia)))
            {
                return new Problem(start + token.SpanStart, SourceProblem.TooCostly, "An interpolated string has a directive or a conflict marker in it.");
            }

            bool isFormat = _work.Depth == around + 1 && token.Kind() is SyntaxKind.ColonToken or SyntaxKind.ColonColonToken;
            if (!isFormat && Add(token, start) is { } problem)
            {
                return problem;
            }

            at = token.Span.End;
            if (isFormat || _work.Depth == around)
            {
                break;
            }
        }

        _work.CloseTo(around);
        return null;
    }

    private static int InterpolatedStrings(string text)
    {
        int count = 0;
        for (int at = 0; at < text.Length - 1; at++)
        {
            if (text[at] == '$' && text[at + 1] is '"' or '@')
            {
                count++;
            }
        }

        return count;
    }

    private sealed record Problem(int Position, string Rule, string Message);
}
