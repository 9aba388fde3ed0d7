using System.Globalization;

namespace OutboundInterception.Benchmarks;

/// <summary>What a row is to reach, and what it came to.</summary>
/// <param name="Text">As the table shows it.</param>
/// <param name="Actual">What was measured.</param>
/// <param name="Limit">The most that it may be; with <paramref name="IsLeast"/>, the least.</param>
/// <param name="IsLeast">Whether more is better.</param>
/// <param name="IsExact">Whether it is counted and not timed, so that nothing excuses missing it.</param>
internal sealed record Target(string Text, double Actual, double Limit, bool IsLeast = false, bool IsExact = false)
{
    private const double Tolerance = 1.15;

    public Verdict Verdict => Misses(1) ? IsExact || Misses(Tolerance) ? Verdict.Failed : Verdict.Missed : Verdict.Met;

    public static Target Ratio(double actual, double limit) => new($"≤ {Format(limit)}×", actual, limit);

    public static Target AtLeast(double actual, double limit) => new($"≥ {Format(limit)}×", actual, limit, IsLeast: true);

    /// <summary>A time that was set on another machine: as a multiple of the HttpClient call that it was set beside.</summary>
    public static Target Nanoseconds(double actual, double limit, double call) =>
        new($"≤ {Format(limit)} ns = {Format(limit / Yardstick.CallNanoseconds)} calls", actual / call, limit / Yardstick.CallNanoseconds);

    public static Target Bytes(double actual, double limit, string? text = null) =>
        new(text ?? $"≤ {Format(limit)} B", double.Round(actual), limit, IsExact: true);

    private static string Format(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    private bool Misses(double tolerance) => IsLeast ? Actual * tolerance < Limit : Actual > Limit * tolerance;
}
