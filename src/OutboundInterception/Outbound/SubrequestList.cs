namespace OutboundInterception;

/// <summary>The subrequests of a dispatch that are in progress. Mutable: a field of the dispatch, under its lock, never copied.</summary>
internal struct SubrequestList
{
    private OutboundCall? _first;

    public void Add(OutboundCall subrequest)
    {
        subrequest.Next = _first;
        if (_first is { } first)
        {
            first.Previous = subrequest;
        }

        _first = subrequest;
    }

    public void Remove(OutboundCall subrequest)
    {
        if (subrequest.Previous is { } previous)
        {
            previous.Next = subrequest.Next;
        }
        else
        {
            _first = subrequest.Next;
        }

        if (subrequest.Next is { } next)
        {
            next.Previous = subrequest.Previous;
        }
    }

    public readonly List<OutboundCall> Find(Func<OutboundCall, bool> which)
    {
        List<OutboundCall> found = [];
        for (OutboundCall? subrequest = _first; subrequest is not null; subrequest = subrequest.Next)
        {
            if (which(subrequest))
            {
                found.Add(subrequest);
            }
        }

        return found;
    }

    public readonly bool IsEmpty => _first is null;
}
