namespace OutboundInterception;

/// <summary>What a dispatch has used of its limits. Mutable: a field of the dispatch, never copied.</summary>
internal struct DispatchBudget
{
    private int _subrequests;
    private int _concurrent;
    private long _requestBytes;
    private long _responseBytes;

    public int Subrequests => Volatile.Read(ref _subrequests);

    public int Concurrent => Volatile.Read(ref _concurrent);

    public readonly long RequestBytes => _requestBytes;

    public readonly long ResponseBytes => _responseBytes;

    /// <summary>Called under the dispatch's lock, as all are that count subrequests.</summary>
    /// <returns>False when there are as many as may be.</returns>
    public bool TryTakeSubrequest(EffectiveLimits limits)
    {
        if (_subrequests >= limits.Subrequests)
        {
            return false;
        }

        _subrequests++;
        return true;
    }

    /// <returns>The limit that is in the way, or <see langword="null"/>.</returns>
    public DispatchLimit? Enter(EffectiveLimits limits)
    {
        if (_concurrent == limits.ConcurrentSubrequests)
        {
            return DispatchLimit.ConcurrentSubrequests;
        }

        if (!TryTakeSubrequest(limits))
        {
            return DispatchLimit.Subrequests;
        }

        _concurrent++;
        return null;
    }

    public void Leave() => _concurrent--;

    public void AddRequestBytes(EffectiveLimits limits, int count)
    {
        if (Interlocked.Add(ref _requestBytes, count) > limits.RequestBytes)
        {
            throw new DispatchLimitException(DispatchLimit.RequestBytes, limits.RequestBytes);
        }
    }

    public void AddResponseBytes(EffectiveLimits limits, int count)
    {
        if (Interlocked.Add(ref _responseBytes, count) > limits.ResponseBytes)
        {
            throw new DispatchLimitException(DispatchLimit.ResponseBytes, limits.ResponseBytes);
        }
    }
}
