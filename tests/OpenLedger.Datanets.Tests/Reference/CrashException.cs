namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>Stands for the death of the process.</summary>
internal sealed class CrashException : Exception
{
    public CrashException()
        : base("the process was killed")
    {
    }
}
