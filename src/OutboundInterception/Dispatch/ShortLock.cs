using System.Diagnostics.CodeAnalysis;

namespace OutboundInterception;

/// <summary>
/// A lock around a few instructions, among which no code of anybody else's runs and nothing is thrown: half as dear as a
/// monitor, and of four bytes.
/// Mutable: a field, never copied.
/// </summary>
internal struct ShortLock()
{
    // Without the owner, whose thread it would have to ask for.
    private SpinLock _spin = new(enableThreadOwnerTracking: false);

    [UnscopedRef]
    public Holder Enter()
    {
        bool taken = false;
        _spin.Enter(ref taken);
        return new Holder(ref _spin);
    }

    public readonly ref struct Holder(ref SpinLock spin)
    {
        private readonly ref SpinLock _spin = ref spin;

        public void Dispose() => _spin.Exit(useMemoryBarrier: false);
    }
}
