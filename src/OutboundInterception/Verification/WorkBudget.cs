namespace OutboundInterception;

/// <summary>
/// Bounds the work on one file by its size. Rows that share one large signature or body cost more than the file has bytes: without
/// a bound a file of a megabyte could keep the verifier busy for hours.
/// </summary>
internal sealed class WorkBudget(long bytes)
{
    // 64: an ordinary assembly takes 2 to 5 steps per byte, mostly for signatures that many members share.
    private long _steps = (bytes * 64) + 100_000;

    /// <summary>Takes steps off.</summary>
    /// <exception cref="BadImageFormatException">There are none left.</exception>
    public void Spend(int steps = 1)
    {
        _steps -= steps;
        if (_steps < 0)
        {
            throw new BadImageFormatException("The file takes more work to read than its size warrants.");
        }
    }
}
