using System.Numerics;

namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>A bounty pool as one would keep it on paper: a list of rewards and unbounded integers. Waits when exhausted.</summary>
internal sealed class ReferencePool(BigInteger reward, BigInteger bond, BigInteger cap, TimeSpan hold)
{
    public enum Place { Waiting, Held, Releasing, Paid, Cancelled, Skipped }

    public sealed class Entry
    {
        public required int Record { get; init; }

        public required int Person { get; init; }

        public DateTimeOffset EarnedAt { get; set; }

        public Place Place { get; set; } = Place.Waiting;
    }

    public List<Entry> Entries { get; } = [];

    public List<(int To, BigInteger Amount, bool IsBond)> Owed { get; } = [];

    public Dictionary<int, BigInteger> Bonds { get; } = [];

    public BigInteger Deposited { get; set; }

    public BigInteger Slashed { get; set; }

    public BigInteger RefundsDecided { get; set; }

    public BigInteger Available => Deposited + Slashed - RefundsDecided - (reward * Entries.Count(entry => entry.Place is Place.Held or Place.Releasing or Place.Paid));

    public void Accept(int record, int person)
    {
        if (Deposited > 0)
        {
            Entries.Add(new Entry { Record = record, Person = person });
        }
    }

    public void Settle(DateTimeOffset now)
    {
        foreach (Entry entry in Entries.Where(entry => entry.Place == Place.Waiting))
        {
            if (Bonds.GetValueOrDefault(entry.Person) < bond)
            {
                entry.Place = Place.Skipped;
            }
            else if (Available < reward)
            {
                return;
            }
            else if (reward + (reward * Entries.Count(other => other.Person == entry.Person && other.EarnedAt.Date == now.Date)) > cap)
            {
                entry.Place = Place.Skipped;
            }
            else
            {
                entry.Place = Place.Held;
                entry.EarnedAt = now;
            }
        }
    }

    public void Cancel(int record)
    {
        foreach (Entry entry in Entries.Where(entry => entry.Record == record && entry.Place is Place.Held or Place.Waiting))
        {
            if (entry.Record == record)
            {
                entry.Place = entry.Place == Place.Held ? Place.Cancelled : Place.Skipped;
            }
        }
    }

    public void Release(DateTimeOffset now)
    {
        foreach (Entry entry in Entries.Where(entry => entry.Place == Place.Held && entry.EarnedAt + hold <= now))
        {
            entry.Place = Place.Releasing;
        }
    }
}
