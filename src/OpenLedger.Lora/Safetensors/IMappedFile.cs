namespace OpenLedger.Lora.Safetensors;

/// <summary>A file that hands out memory over its mapping.</summary>
internal interface IMappedFile
{
    /// <summary>Whether the mapping is gone, so that reading through it would end the process.</summary>
    bool IsDisposed { get; }
}
