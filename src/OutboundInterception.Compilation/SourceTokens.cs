using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace OutboundInterception;

/// <summary>
/// Refuses text that the parser would read for hours. To tell a cast, a lambda or a type argument from what else it may be,
/// the parser looks ahead to the other end, at each level again, and asks for no cancellation there: 8,000 open brackets,
/// 8 KB, took it more than two minutes. What is nested or runs on like that is seen in the tokens, which are read once.
/// What passes takes it some 20 s a file, at worst of what was tried, and between files it can be cancelled.
/// </summary>
internal sealed class SourceTokens(CSharpParseOptions options, CancellationToken cancellationToken)
{
    // 250: each level of brackets is one or more of the tree's, of which SourceDepth allows 500.
    private const int MaxNested = 250;

    // 100: each is an error, and the parser goes over all those before it again.
    private const int MaxUnmatched = 100;

    // 4,096: an expression of 500 levels has fewer, and so have a thousand cases of a switch.
    private const int MaxRun = 4096;

    // 1,000: as many comparisons in one list; a type argument that is not closed goes on over the commas.
    private const int MaxLess = 1000;

    // 10: the parser reads the inside of an interpolated string twice, so that one of 16 levels took 4 s.
    private const int MaxInterpolations = 10;

    // 5,000: the lexer reads those that are nested more than once too, and as many as a file holds took it more than 15 s.
    private const int MaxInterpolatedStrings = 5_000;

    private readonly Stack<SyntaxKind> _open = new();
    private int _unmatched;
    private int _run;
    private int _less;

    /// <summary>The first token that is too much, or <see langword="null"/>.</summary>
    public static DeploymentDiagnostic? Check(string text, string path, CSharpParseOptions options, CancellationToken cancellationToken)
    {
        if (InterpolatedStrings(text) > MaxInterpolatedStrings)
        {
            return SourceProblem.At(default, path, SourceProblem.TooCostly, $"The file has more than {MaxInterpolatedStrings} interpolated strings. Split it up.");
        }

        SourceTokens tokens = new(options, cancellationToken);
        foreach (SyntaxToken token in SyntaxFactory.ParseTokens(text, options: options))
        {
            if (tokens.Add(token) is { } problem)
            {
                return SourceProblem.At(SourceText.From(text).Lines.GetLinePosition(token.SpanStart), path, problem.Rule, problem.Message);
            }
        }

        return null;
    }

    private (string Rule, string Message)? Add(SyntaxToken token)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _run++;
        switch (token.Kind())
        {
            case SyntaxKind.OpenParenToken:
            case SyntaxKind.OpenBracketToken:
                _open.Push(token.Kind());
                break;
            case SyntaxKind.OpenBraceToken:
                _open.Push(token.Kind());
                Restart();
                break;
            case SyntaxKind.CloseParenToken:
                Close(SyntaxKind.OpenParenToken);
                break;
            case SyntaxKind.CloseBracketToken:
                Close(SyntaxKind.OpenBracketToken);
                break;
            case SyntaxKind.CloseBraceToken:
                Close(SyntaxKind.OpenBraceToken);
                Restart();
                break;
            case SyntaxKind.SemicolonToken:
                Restart();
                break;
            case SyntaxKind.CommaToken:
                _run = 0;
                break;
            case SyntaxKind.LessThanToken:
                _less++;
                break;
            case SyntaxKind.GreaterThanToken:
                _less = Math.Max(0, _less - 1);
                break;
            case SyntaxKind.InterpolatedStringToken:
                return AddHoles(token.Text);
        }

        return _open.Count > MaxNested ? (SourceProblem.TooDeep, $"Brackets are nested more than {MaxNested} levels deep here. Split it up.")
            : _unmatched > MaxUnmatched ? (SourceProblem.TooCostly, $"More than {MaxUnmatched} brackets do not match.")
            : _less > MaxLess ? (SourceProblem.TooCostly, $"More than {MaxLess} angle brackets are open here, or comparisons in one list. Split it up.")
            : _run > MaxRun ? (SourceProblem.TooCostly, $"There are more than {MaxRun} tokens here without a comma, a semicolon or a brace. Split it up.")
            : null;
    }

    private void Restart()
    {
        _run = 0;
        _less = 0;
    }

    // As the parser does: a brace closes what was left open inside it, another bracket goes no further than to a brace.
    private void Close(SyntaxKind opening)
    {
        int inside = 0;
        foreach (SyntaxKind open in _open)
        {
            if (open == opening)
            {
                _unmatched += inside;
                for (; inside >= 0; inside--)
                {
                    _open.Pop();
                }

                return;
            }

            if (open == SyntaxKind.OpenBraceToken)
            {
                break;
            }

            inside++;
        }

        _unmatched++;
    }

    // An interpolated string is one token; the code in its holes has tokens of its own.
    private (string Rule, string Message)? AddHoles(string literal)
    {
        if (InterpolatedStrings(literal) - 1 > MaxInterpolations)
        {
            return (SourceProblem.TooCostly, $"An interpolated string has more than {MaxInterpolations} others in it. Give them names.");
        }

        int quotes = literal.IndexOf('"', StringComparison.Ordinal);
        int dollars = literal.AsSpan(0, quotes).Count('$');
        bool isRaw = literal.AsSpan(quotes).StartsWith("\"\"\"");
        int at = quotes;
        while ((at = literal.IndexOf('{', at)) >= 0)
        {
            int braces = literal.AsSpan(at).IndexOfAnyExcept('{');
            at = braces < 0 ? literal.Length : at + braces;
            if ((isRaw ? braces >= dollars : braces % 2 == 1) && AddHole(literal, ref at) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private (string Rule, string Message)? AddHole(string literal, ref int at)
    {
        int around = _open.Count;
        _open.Push(SyntaxKind.OpenBraceToken);
        Restart();
        foreach (SyntaxToken token in SyntaxFactory.ParseTokens(literal, at, at, options))
        {
            // It would hide what follows, here alone: the parser knows none inside a string.
            if (token.ContainsDirectives)
            {
                return (SourceProblem.TooCostly, "An interpolated string has a directive in it.");
            }

            bool isFormat = token.IsKind(SyntaxKind.ColonToken) && _open.Count == around + 1;
            if (!isFormat && Add(token) is { } problem)
            {
                return problem;
            }

            at = token.Span.End;
            if (isFormat || _open.Count == around)
            {
                break;
            }
        }

        while (_open.Count > around)
        {
            _open.Pop();
        }

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
}
