using OpenLedger.Chain.Evm;

namespace OpenLedger.Hosting.ChatClients;

/// <summary>The hashes that name an inference.</summary>
/// <remarks>
/// <c>inferenceId = keccak256(keccak256("OpenLedger inference v1") ‖ modelId ‖ adapterSetHash ‖ promptHash ‖ outputHash ‖ tokensIn ‖ tokensOut
/// ‖ nonce)</c>, each a 32-byte word, numbers big-endian. The nonce is <c>keccak256(keccak256("OpenLedger nonce: caller v1") ‖
/// keccak256(text))</c> where the caller gave one, else <c>keccak256(keccak256("OpenLedger nonce: ledger position v1") ‖ epoch ‖ index)</c>.
/// </remarks>
internal static class InferenceIdentity
{
    private static readonly Bytes32 InferenceTag = Bytes32.HashOf("OpenLedger inference v1");
    private static readonly Bytes32 CallerNonceTag = Bytes32.HashOf("OpenLedger nonce: caller v1");
    private static readonly Bytes32 PositionNonceTag = Bytes32.HashOf("OpenLedger nonce: ledger position v1");

    internal static Bytes32 CreateId(
        Bytes32 modelId, Bytes32 adapterSetHash, Bytes32 promptHash, Bytes32 outputHash, uint tokensIn, uint tokensOut, Bytes32 nonce) =>
        Hash([InferenceTag, modelId, adapterSetHash, promptHash, outputHash, Bytes32.FromUInt128(tokensIn), Bytes32.FromUInt128(tokensOut), nonce]);

    internal static Bytes32 NonceOf(string text) => Hash([CallerNonceTag, Bytes32.HashOf(text)]);

    internal static Bytes32 NonceAt(ulong epoch, ulong index) =>
        Hash([PositionNonceTag, Bytes32.FromUInt128(epoch), Bytes32.FromUInt128(index)]);

    private static Bytes32 Hash(ReadOnlySpan<Bytes32> words)
    {
        Span<byte> bytes = stackalloc byte[8 * Bytes32.Length];
        for (int i = 0; i < words.Length; i++)
        {
            words[i].CopyTo(bytes[(i * Bytes32.Length)..]);
        }

        return Keccak256.Hash(bytes[..(words.Length * Bytes32.Length)]);
    }
}
