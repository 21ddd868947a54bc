using System.Buffers;

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

    /// <summary>Bytes 0xC0, 0xC1 and 0xF5 to 0xFF never occur in UTF-8, so a vocabulary may lack them (RFC 3629, section 1).</summary>
    public static bool OccursInUtf8(byte value) => value is not (0xC0 or 0xC1 or >= 0xF5);

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
