using System.Globalization;

namespace OutboundInterception;

/// <summary>One reason why a deployment was refused. Immutable.</summary>
public sealed record DeploymentDiagnostic
{
    /// <summary>What was broken: the compiler's or the analyzer's rule (<c>CS1002</c>, <c>OBI001</c>), a <see cref="VerificationRule"/>, or one of deployment's own (<c>not-trusted</c>).</summary>
    public required string Rule { get; init; }

    /// <summary>What is wrong, and where known what to do.</summary>
    public required string Message { get; init; }

    /// <summary>The source file as the tenant named it, where there is a position.</summary>
    public string? File { get; init; }

    /// <summary>The line, counted from 1, or 0 if there is no position.</summary>
    public int Line { get; init; }

    /// <summary>The column, counted from 1, or 0 if there is no position.</summary>
    public int Column { get; init; }

    /// <summary>In the form that compilers write, which editors know how to open.</summary>
    public override string ToString() => File is null
        ? $"error {Rule}: {Message}"
        : string.Create(CultureInfo.InvariantCulture, $"{File}({Line}{(Column > 0 ? $",{Column}" : null)}): error {Rule}: {Message}");
}
