namespace OutboundInterception;

/// <summary>When what its subrequests have sent should be answered.</summary>
internal sealed partial class ActiveDispatch
{
    private long _sendDue = long.MaxValue;

    /// <summary>When the first of its subrequests should have been answered; some may have been since.</summary>
    public long SendDue => Volatile.Read(ref _sendDue);

    /// <summary>A subrequest was sent that should be answered by then.</summary>
    public void ExpectSend(long due)
    {
        long earliest = SendDue;
        while (due < earliest)
        {
            long seen = Interlocked.CompareExchange(ref _sendDue, due, earliest);
            if (seen == earliest)
            {
                return;
            }

            earliest = seen;
        }
    }

    private void ExpireSends(long now)
    {
        // First, with a fence: a send that comes later lowers it again, one that came before is found below.
        Interlocked.Exchange(ref _sendDue, long.MaxValue);
        List<OutboundCall> waiting;
        using (_lock.Enter())
        {
            waiting = _subrequests.Find(static subrequest => subrequest.SendDue != long.MaxValue);
        }

        foreach (OutboundCall subrequest in waiting)
        {
            long due = subrequest.SendDue;
            if (due <= now)
            {
                subrequest.ExpireSend(due);
            }
            else
            {
                ExpectSend(due);
            }
        }
    }
}
