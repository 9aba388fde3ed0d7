using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OutboundInterception;

/// <summary>
/// Estimates what work the parser has with a row of tokens, more than it is rather than less. To tell a cast, a lambda or a type
/// argument from what else it may be, it looks ahead to the other end, at each level again: 8,000 open brackets, 8 KB, took it
/// more than two minutes. And what follows some tokens it reads twice, with all that is inside: 25 times <c>a?[</c> took it more
/// than a minute, and each time more takes twice as long.
/// </summary>
internal sealed class ParserWork
{
    // 250: of brackets in which nothing is read twice, so many take a tenth of a second.
    private const int MaxNested = 250;

    // 100: each is an error, and the parser goes over all those before it again.
    private const int MaxUnmatched = 100;

    // 4,096: an expression of 500 levels has fewer. Counted anew after a comma, a semicolon, a brace, and a case.
    private const int MaxRun = 4096;

    // 1,000: as many comparisons in one list; a type argument that is not closed goes on over the commas.
    private const int MaxLess = 1000;

    // 500,000 tokens, at one to four microseconds each. The longest file of usual code has some 40,000, which this counts 1.1 times.
    private const long MaxReads = 500_000;

    // 8: what an interpolated string takes, in tokens; one of 16 levels took 4 s.
    private const int Literal = 8;

    private readonly Stack<Level> _open = new([new Level(SyntaxKind.None, 0)]);
    private SyntaxKind _last;
    private long _reads;
    private int _unmatched;
    private int _run;
    private int _less;

    /// <summary>How many brackets are open.</summary>
    public int Depth => _open.Count - 1;

    /// <summary>Why the token is too much, or <see langword="null"/>.</summary>
    public (string Rule, string Message)? Add(SyntaxToken token)
    {
        bool isPointer = token.IsKind(SyntaxKind.AsteriskToken) && _last == SyntaxKind.DelegateKeyword;
        Count(token.Kind());
        return isPointer ? (SourceProblem.TooCostly, "Function pointers are unsafe code; with what looks like one and is not, the parser recurses until its stack ends.")
            : Depth > MaxNested ? (SourceProblem.TooDeep, $"Brackets are nested more than {MaxNested} levels deep here. Split it up.")
            : _reads > MaxReads ? (SourceProblem.TooCostly, "Conditionals, collections, assignments in brackets, or interpolated strings are nested too deeply here. Give the inner ones names.")
            : _unmatched > MaxUnmatched ? (SourceProblem.TooCostly, $"More than {MaxUnmatched} brackets do not match.")
            : _less > MaxLess ? (SourceProblem.TooCostly, $"More than {MaxLess} angle brackets are open here, or comparisons in one list. Split it up.")
            : _run > MaxRun ? (SourceProblem.TooCostly, $"There are more than {MaxRun} tokens here without a comma, a semicolon or a brace. Split it up.")
            : null;
    }

    /// <summary>Begins the hole of an interpolated string, which ends where its brace is closed.</summary>
    public void OpenHole()
    {
        Level around = _open.Peek();
        _open.Push(new Level(SyntaxKind.OpenBraceToken, around.Doublings + 1));
        Restart();
    }

    /// <summary>Ends a hole that ended otherwise.</summary>
    public void CloseTo(int depth)
    {
        while (Depth > depth)
        {
            _open.Pop();
        }
    }

    private void Count(SyntaxKind kind)
    {
        Level level = _open.Peek();
        _run++;
        _reads += level.Reads * (kind == SyntaxKind.InterpolatedStringToken ? Literal : 1);
        switch (kind)
        {
            case SyntaxKind.OpenParenToken:
            case SyntaxKind.OpenBracketToken:
            case SyntaxKind.OpenBraceToken:
                Open(kind, level);
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
                level.Restart();
                break;
            case SyntaxKind.CaseKeyword:
                _run = 0;
                break;
            case SyntaxKind.LessThanToken:
                _less++;
                break;
            case SyntaxKind.GreaterThanToken:
                _less = Math.Max(0, _less - 1);
                break;
            case SyntaxKind.QuestionToken:
                level.Questions++;
                break;
            case SyntaxKind.ColonToken:
                level.Questions = Math.Max(0, level.Questions - 1);
                level.Arrows = Math.Max(0, level.Arrows - 1);
                break;
            case SyntaxKind.EqualsToken:
                level.IsAssigned = true;
                break;
            case SyntaxKind.EqualsGreaterThanToken:
                // It may belong to a lambda in a conditional, or come after one.
                level.Arrows += Math.Min(level.Questions, 1);
                break;
        }

        _last = kind;
    }

    private void Open(SyntaxKind kind, Level around)
    {
        // A parameter with a default or an argument?
        int doublings = around.Doublings + around.Arrows + (around.IsAssigned && !around.IsBlock ? 1 : 0);
        if (kind == SyntaxKind.OpenBracketToken)
        {
            // A conditional or an access? Attributes of a lambda, a parameter or a statement, or a collection?
            doublings += around.Questions + (IsOperand(_last) ? 0 : 1);
        }

        _open.Push(new Level(kind, doublings));
        if (kind == SyntaxKind.OpenBraceToken)
        {
            Restart();
        }
    }

    // What brackets after it are an index of, or the rank of an array.
    private static bool IsOperand(SyntaxKind kind) =>
        SyntaxFacts.IsPredefinedType(kind)
        || kind is SyntaxKind.IdentifierToken or SyntaxKind.CloseParenToken or SyntaxKind.CloseBracketToken or SyntaxKind.GreaterThanToken
            or SyntaxKind.ExclamationToken or SyntaxKind.ThisKeyword or SyntaxKind.BaseKeyword or SyntaxKind.NewKeyword or SyntaxKind.StringLiteralToken;

    // As the parser does: a brace closes what was left open inside it, another bracket goes no further than to a brace.
    private void Close(SyntaxKind opening)
    {
        int inside = 0;
        foreach (Level level in _open)
        {
            if (level.Opening == opening)
            {
                _unmatched += inside;
                CloseTo(Depth - inside - 1);
                return;
            }

            if (level.IsBlock)
            {
                break;
            }

            inside++;
        }

        _unmatched++;
    }

    private void Restart()
    {
        _run = 0;
        _less = 0;
        _open.Peek().Restart();
    }

    /// <summary>What is between two brackets, and of that what has been since the last comma, semicolon or brace.</summary>
    private sealed class Level(SyntaxKind opening, int doublings)
    {
        public SyntaxKind Opening => opening;

        public int Doublings => doublings;

        public int Questions { get; set; }

        public int Arrows { get; set; }

        public bool IsAssigned { get; set; }

        public bool IsBlock => opening is SyntaxKind.OpenBraceToken or SyntaxKind.None;

        /// <summary>How often each token here is read, at most; beyond 2 to the 30th it does not matter.</summary>
        public long Reads => 1L << Math.Min(doublings + Arrows, 30);

        public void Restart() => (Questions, Arrows, IsAssigned) = (0, 0, false);
    }
}
