using System.Buffers;
using System.Text;

namespace OpenLedger.Lora.Tokenization;

/// <summary>
/// The printable stand-ins of the 256 bytes in a byte-level BPE vocabulary (Radford et al. 2019, GPT-2): a byte whose
/// Latin-1 character is visible stands for itself; the n-th other byte is U+0100 + n.
/// </summary>
internal static class ByteAlphabet
{
    private const int NotAByte = -1;

    private static readonly char[] CharacterOfByte = CreateCharacters();
    private static readonly short[] ByteOfCharacter = CreateBytes();

    public static char ToCharacter(byte value) => CharacterOfByte[value];

    /// <summary>The 256 characters in the order of their code points, which is the order of ids that Hugging Face trainers use.</summary>
    public static IEnumerable<char> InCodePointOrder => CharacterOfByte.Order();

    public static bool TryToByte(char character, out byte value)
    {
        short found = character < ByteOfCharacter.Length ? ByteOfCharacter[character] : (short)NotAByte;
        value = unchecked((byte)found);
        return found != NotAByte;
    }

    /// <summary>
    /// Bytes that a vocabulary may lack: those that never occur in UTF-8 (RFC 3629, section 1), controls other than tab and line breaks, and
    /// the first bytes of planes 4 to 16, where no written character is. A trainer that never met one leaves it out (Falcon).
    /// </summary>
    public static bool IsRare(byte value) => value is 0xC0 or 0xC1 or >= 0xF1 or 0x7F or (< 0x20 and not (0x09 or 0x0A or 0x0D));

    /// <summary>The bytes a vocabulary token stands for, or null where a character of it is not of the alphabet.</summary>
    public static byte[]? TryDecode(string token)
    {
        var bytes = new byte[token.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (!TryToByte(token[i], out bytes[i]))
            {
                return null;
            }
        }

        return bytes;
    }

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        char[] rented = ArrayPool<char>.Shared.Rent(bytes.Length);
        for (int i = 0; i < bytes.Length; i++)
        {
            rented[i] = CharacterOfByte[bytes[i]];
        }

        var token = new string(rented, 0, bytes.Length);
        ArrayPool<char>.Shared.Return(rented);
        return token;
    }

    /// <summary>Writes the stand-ins of the UTF-8 of <paramref name="text"/>; returns how many.</summary>
    /// <param name="text">Text without half surrogate pairs.</param>
    /// <param name="destination">At least as long as the UTF-8.</param>
    public static int Encode(ReadOnlySpan<char> text, Span<char> destination)
    {
        Span<byte> small = stackalloc byte[256];
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = most <= small.Length ? small : new byte[most];
        int count = Encoding.UTF8.GetBytes(text, bytes);
        for (int i = 0; i < count; i++)
        {
            destination[i] = CharacterOfByte[bytes[i]];
        }

        return count;
    }

    private static char[] CreateCharacters()
    {
        var characters = new char[256];
        int others = 0;
        for (int value = 0; value < 256; value++)
        {
            bool visible = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[value] = visible ? (char)value : (char)(0x100 + others++);
        }

        return characters;
    }

    private static short[] CreateBytes()
    {
        var bytes = new short[CharacterOfByte.Max() + 1];
        Array.Fill(bytes, (short)NotAByte);
        for (int value = 0; value < 256; value++)
        {
            bytes[CharacterOfByte[value]] = (short)value;
        }

        return bytes;
    }
}
