namespace OpenLedger.Lora.Tokenization.SentencePiece;

/// <summary>The types of pieces, with the numbers of the SentencePiece format.</summary>
internal enum PieceKind
{
    /// <summary>Learnt from text.</summary>
    Normal = 1,

    /// <summary>Stands for text that the vocabulary lacks.</summary>
    Unknown = 2,

    /// <summary>A control token: text never becomes one.</summary>
    Control = 3,

    /// <summary>Text that is always one piece.</summary>
    UserDefined = 4,

    /// <summary>Never produced.</summary>
    Unused = 5,

    /// <summary>One byte of a character that the vocabulary lacks.</summary>
    Byte = 6,
}

/// <summary>One entry of a vocabulary; its id is its place.</summary>
internal readonly record struct Piece(string Text, float Score, PieceKind Kind)
{
    /// <summary>The byte of a piece named <c>&lt;0x41&gt;</c>, or null.</summary>
    public static byte? ByteOf(string text) => text is ['<', '0', 'x', _, _, '>']
        && byte.TryParse(text.AsSpan(3, 2), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out byte value)
            ? value
            : null;
}
