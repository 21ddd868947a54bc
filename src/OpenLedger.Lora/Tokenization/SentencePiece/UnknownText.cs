using System.Text;

namespace OpenLedger.Lora.Tokenization.SentencePiece;

/// <summary>What stands for characters that a vocabulary lacks: their bytes, or the unknown piece.</summary>
/// <param name="byteIds">The id of each of the 256 bytes, or null without byte fallback.</param>
/// <param name="unknownId">The unknown piece.</param>
/// <param name="fuses">Whether characters in a row share one unknown piece.</param>
internal sealed class UnknownText(int[]? byteIds, int unknownId, bool fuses)
{
    public bool HasBytes => byteIds is not null;

    public int UnknownId => unknownId;

    /// <summary>Appends the ids of one character.</summary>
    /// <param name="scalar">The character.</param>
    /// <param name="ids">Receives the ids.</param>
    /// <param name="start">Where the ids of the text begin; an unknown piece before it is of another text.</param>
    public void Append(int scalar, List<int> ids, int start)
    {
        if (byteIds is null)
        {
            if (!fuses || ids.Count == start || ids[^1] != unknownId)
            {
                ids.Add(unknownId);
            }

            return;
        }

        Span<byte> bytes = stackalloc byte[4];
        int count = new Rune(scalar).EncodeToUtf8(bytes);
        foreach (byte value in bytes[..count])
        {
            ids.Add(byteIds[value]);
        }
    }
}
