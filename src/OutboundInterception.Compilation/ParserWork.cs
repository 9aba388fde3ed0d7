using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OutboundInterception;

/// <summary>
/// Estimates what work the parser has with a row of tokens. To tell a cast, a lambda or a type argument from what else it may
/// be, it looks ahead to the other end, at each level again: 8,000 open brackets, 8 KB, took it more than two minutes. And what
/// follows some tokens it reads twice, with all that is inside: 25 times <c>a?[</c> took it more than a minute, and each time
/// more takes twice as long. What is known of that is counted; <see cref="BoundedCompilation"/> is for the rest.
/// </summary>
internal sealed class ParserWork
{
    // 250: of brackets in which nothing is read twice, so many take a tenth of a second.
    private const int MaxNested = 250;

    // 100: each is an error, and the parser goes over all those before it again.
    private const int MaxUnmatched = 100;

    // 4,096: an expression of 500 levels has fewer. Counted anew after a comma of a list, a semicolon, a brace, and a case.
    private const int MaxRun = 4096;

    // 1,000: as many comparisons in one list; a type argument that is not closed goes on over the commas.
    private const int MaxLess = 1000;

    // 2 million tokens, at one to four microseconds each. The longest file of usual code has some 40,000, which this counts 1.3 times.
    private const long MaxReads = 2_000_000;

    // 8: what an interpolated string takes, in tokens; one of 16 levels took 4 s.
    private const int Literal = 8;

    private readonly Stack<ParserLevel> _open = new([new ParserLevel(SyntaxKind.None)]);
    private SyntaxKind _last;
    private bool _isOperand;
    private long _reads;
    private int _unmatched;
    private int _run;

    /// <summary>How many brackets are open.</summary>
    public int Depth => _open.Count - 1;

    /// <summary>Why the token is too much, or <see langword="null"/>.</summary>
    public (string Rule, string Message)? Add(SyntaxToken token)
    {
        bool isPointer = token.IsKind(SyntaxKind.AsteriskToken) && _last == SyntaxKind.DelegateKeyword;
        Count(token);
        return isPointer ? (SourceProblem.TooCostly, "Function pointers are unsafe code; with what looks like one and is not, the parser recurses until its stack ends.")
            : Depth > MaxNested ? (SourceProblem.TooDeep, $"Brackets are nested more than {MaxNested} levels deep here. Split it up.")
            : _reads > MaxReads ? (SourceProblem.TooCostly, "Conditionals, lambdas in collections, assignments in brackets, or interpolated strings are nested too deeply here. Give the inner ones names.")
            : _unmatched > MaxUnmatched ? (SourceProblem.TooCostly, $"More than {MaxUnmatched} brackets do not match.")
            : _open.Peek().Less > MaxLess ? (SourceProblem.TooCostly, $"More than {MaxLess} angle brackets are open here, or comparisons in one list. Split it up.")
            : _run > MaxRun ? (SourceProblem.TooCostly, $"There are more than {MaxRun} tokens here without a comma, a semicolon or a brace. Split it up.")
            : null;
    }

    /// <summary>Begins the hole of an interpolated string, which ends where its brace is closed.</summary>
    public void OpenHole()
    {
        ParserLevel around = _open.Peek();
        int doublings = around.Doublings + around.Questions + 1;
        _open.Push(new ParserLevel(SyntaxKind.OpenBraceToken) { Around = doublings, Doublings = doublings });
        _run = 0;
    }

    /// <summary>Ends a hole that ended otherwise.</summary>
    public void CloseTo(int depth)
    {
        while (Depth > depth)
        {
            _open.Pop();
        }
    }

    private void Count(SyntaxToken token)
    {
        SyntaxKind kind = token.Kind();
        ParserLevel level = _open.Peek();
        _run++;
        _reads += level.Reads * (kind == SyntaxKind.InterpolatedStringToken ? Literal : 1);
        bool isOperand = kind is SyntaxKind.ExclamationToken or SyntaxKind.ThisKeyword or SyntaxKind.BaseKeyword or SyntaxKind.NewKeyword
            or SyntaxKind.StringLiteralToken or SyntaxKind.GreaterThanToken || SyntaxFacts.IsPredefinedType(kind);
        switch (kind)
        {
            case SyntaxKind.OpenParenToken:
            case SyntaxKind.OpenBracketToken:
            case SyntaxKind.OpenBraceToken:
                Open(kind, level);
                break;
            case SyntaxKind.CloseParenToken:
            case SyntaxKind.CloseBracketToken:
                isOperand = Close(kind);
                break;
            case SyntaxKind.CloseBraceToken:
                CloseBrace();
                Restart();
                break;
            case SyntaxKind.SemicolonToken:
                Restart();
                break;
            case SyntaxKind.CommaToken when level.Less == 0:
                Restart();
                break;
            case SyntaxKind.CaseKeyword:
                _run = 0;
                break;
            case SyntaxKind.LessThanToken:
                level.Less++;
                break;
            case SyntaxKind.GreaterThanToken:
                level.Less = Math.Max(0, level.Less - 1);
                break;
            case SyntaxKind.NumericLiteralToken:
            case SyntaxKind.AmpersandAmpersandToken:
            case SyntaxKind.BarBarToken:
                // No type argument.
                level.Less = 0;
                break;
            case SyntaxKind.EqualsGreaterThanToken:
                level.Less = 0;
                AddLambda(level);
                break;
            case SyntaxKind.DotToken when _last == SyntaxKind.QuestionToken:
                level.Questions--;
                level.Accesses++;
                break;
            case SyntaxKind.QuestionToken:
                level.Questions++;
                break;
            case SyntaxKind.ColonToken:
                level.Questions = Math.Max(0, level.Questions - 1);
                level.Doublings = Math.Max(level.Around, level.Doublings - 1);
                break;
            case SyntaxKind.EqualsToken:
                level.IsAssigned = true;
                break;
            case SyntaxKind.IdentifierToken:
                isOperand = _last != SyntaxKind.GotoKeyword;
                if (token.Text == "await" && !level.IsAwaited)
                {
                    // A statement that begins with it is read again where it is a name.
                    level.IsAwaited = true;
                    level.Doublings++;
                }

                break;
        }

        _isOperand = isOperand;
        _last = kind;
    }

    private void Open(SyntaxKind kind, ParserLevel around)
    {
        ParserLevel level = new(kind) { MayBeAttributes = around.MayBeAttributes, IsOperand = true };

        // A parameter with a default or an argument? Types or values?
        int twice = (around.IsAssigned && !around.IsBlock ? 1 : 0) + (_last is SyntaxKind.StaticKeyword or SyntaxKind.RefKeyword ? 1 : 0);
        if (kind == SyntaxKind.OpenBracketToken)
        {
            // A conditional or an access? All that follows depends on it.
            if (_last == SyntaxKind.QuestionToken)
            {
                around.Questions--;
                around.Doublings++;
                twice += around.Accesses;
            }

            twice += around.Questions;
            level.IsOperand = _isOperand;
            level.MayBeAttributes |= !_isOperand;
        }
        else if (kind == SyntaxKind.OpenParenToken)
        {
            level.IsOperand = _last is not (SyntaxKind.IfKeyword or SyntaxKind.WhileKeyword or SyntaxKind.ForKeyword or SyntaxKind.ForEachKeyword
                or SyntaxKind.LockKeyword or SyntaxKind.UsingKeyword or SyntaxKind.FixedKeyword);
        }

        level.Around = level.Doublings = around.Doublings + twice;
        _open.Push(level);
        if (kind == SyntaxKind.OpenBraceToken)
        {
            _run = 0;
        }
    }

    // A lambda in what may be the attributes of a lambda, a parameter or a statement, or a collection; or one in a conditional.
    private static void AddLambda(ParserLevel level)
    {
        level.Doublings += (level.MayBeAttributes ? 1 : 0) + Math.Min(level.Questions, 1);
        level.MayBeAttributes = false;
    }

    /// <returns>Whether what it closes can be indexed.</returns>
    private bool Close(SyntaxKind closing)
    {
        SyntaxKind opening = closing == SyntaxKind.CloseParenToken ? SyntaxKind.OpenParenToken : SyntaxKind.OpenBracketToken;
        if (_open.Peek().Opening == opening)
        {
            return _open.Pop().IsOperand;
        }

        _unmatched++;
        return false;
    }

    // As the parser does, a brace closes what was left open inside it.
    private void CloseBrace()
    {
        int inside = _open.TakeWhile(static level => !level.IsBlock).Count();
        _unmatched += inside;
        CloseTo(Depth - inside);
        if (Depth > 0)
        {
            _open.Pop();
        }
        else
        {
            _unmatched++;
        }
    }

    private void Restart()
    {
        _run = 0;
        _open.Peek().Restart();
    }
}
