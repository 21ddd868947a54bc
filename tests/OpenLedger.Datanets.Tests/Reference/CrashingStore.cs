using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>A store whose process dies at a chosen write: before anything is kept, or just after everything is.</summary>
internal sealed class CrashingStore(IDatanetStore inner) : IDatanetStore
{
    public int WritesUntilCrash { get; set; } = int.MaxValue;

    public bool CrashesAfterCommit { get; set; }

    public TResult Read<TResult>(Func<IDatanetReader, TResult> work) => inner.Read(work);

    public bool Purge() => inner.Purge();

    public TResult Write<TResult>(Func<IDatanetWriter, TResult> work)
    {
        if (WritesUntilCrash-- != 0)
        {
            return inner.Write(work);
        }

        if (CrashesAfterCommit)
        {
            inner.Write(work);
        }
        else
        {
            // The work runs and is dropped with the transaction, as a kill in the middle would do.
            Assert.Throws<CrashException>(() => inner.Write<TResult>(writer =>
            {
                try
                {
                    work(writer);
                }
                catch (DatanetException)
                {
                    // The work was about to be refused; the process died before it could say so.
                }

                throw new CrashException();
            }));
        }

        throw new CrashException();
    }

    public void Dispose()
    {
    }
}
