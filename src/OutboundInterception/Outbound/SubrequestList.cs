namespace OutboundInterception;

/// <summary>The subrequests of a dispatch that are in progress. Mutable: a field of the dispatch, under its lock, never copied.</summary>
internal struct SubrequestList
{
    private Subrequest? _first;

    public void Add(Subrequest subrequest)
    {
        subrequest.Next = _first;
        if (_first is { } first)
        {
            first.Previous = subrequest;
        }

        _first = subrequest;
    }

    public void Remove(Subrequest subrequest)
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

    public readonly List<Subrequest> Find(Func<Subrequest, bool> which)
    {
        List<Subrequest> found = [];
        for (Subrequest? subrequest = _first; subrequest is not null; subrequest = subrequest.Next)
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
