namespace OutboundInterception;

/// <summary>Where it keeps them: in parts, so that threads seldom wait for each other.</summary>
internal sealed partial class ActiveDispatches
{
    // In no order: the last fills the place of one that goes.
    private sealed class Stripe(int number)
    {
        private ShortLock _lock = new();
        private ActiveDispatch?[] _dispatches = new ActiveDispatch?[16];
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Add(ActiveDispatch dispatch)
        {
            using (_lock.Enter())
            {
                if (_count == _dispatches.Length)
                {
                    Array.Resize(ref _dispatches, _count * 2);
                }

                Put(dispatch, _count++);
            }
        }

        public void Remove(ActiveDispatch dispatch)
        {
            using (_lock.Enter())
            {
                ActiveDispatch last = _dispatches[--_count]!;
                _dispatches[_count] = null;
                if (!ReferenceEquals(last, dispatch))
                {
                    Put(last, dispatch.Place >> StripeBits);
                }
            }
        }

        private void Put(ActiveDispatch dispatch, int index)
        {
            _dispatches[index] = dispatch;
            dispatch.Place = (index << StripeBits) | number;
        }

        public void Find(long dueAt, List<ActiveDispatch> found)
        {
            using (_lock.Enter())
            {
                foreach (ActiveDispatch? dispatch in _dispatches.AsSpan(0, _count))
                {
                    if (dueAt == long.MaxValue || dispatch!.Expiry <= dueAt || dispatch.SendDue <= dueAt)
                    {
                        found.Add(dispatch!);
                    }
                }
            }
        }
    }
}
