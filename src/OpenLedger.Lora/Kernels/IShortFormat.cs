namespace OpenLedger.Lora.Kernels;

/// <summary>A number format of two bytes that registers can widen in place.</summary>
internal unsafe interface IShortFormat
{
    /// <summary>Twice the register's floats, those at even and those at odd places apart.</summary>
    static abstract (TVector Even, TVector Odd) Load<TLanes, TVector>(ushort* source)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;
}
