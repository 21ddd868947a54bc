using System.Security.Cryptography;
using OpenLedger.Chain.Evm;
using OpenLedger.Lora.Adapters;

namespace OpenLedger.Hosting;

/// <summary>Which adapter this is and which datanet rows it was trained on.</summary>
/// <remarks>Immutable as long as its dictionaries are; <see cref="AdapterAttribution.Register"/> copies them.</remarks>
public sealed record AdapterProvenance
{
    /// <summary>The model id that requests use for the adapter.</summary>
    public required string AdapterName { get; init; }

    /// <summary>SHA-256 of the bytes of <c>adapter_model.safetensors</c>: what receipts name the adapter by.</summary>
    public required Bytes32 AdapterHash { get; init; }

    /// <summary>The datanet row of every record, by record id.</summary>
    public required IReadOnlyDictionary<string, RecordOrigin> Origins { get; init; }

    /// <summary>The text of every record, by record id; shown in citations.</summary>
    public required IReadOnlyDictionary<string, string> Texts { get; init; }

    /// <summary>Computes <see cref="AdapterHash"/>: SHA-256 of the weights file, the number that <c>sha256sum</c> prints.</summary>
    /// <param name="adapterFolder">A folder with <c>adapter_model.safetensors</c>.</param>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Bytes32 HashAdapter(string adapterFolder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(adapterFolder);
        using FileStream stream = File.OpenRead(Path.Combine(adapterFolder, LoraAdapter.WeightsFile));
        return new Bytes32(SHA256.HashData(stream));
    }
}
