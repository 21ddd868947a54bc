using CsCheck;

namespace OpenLedger.Lora.Tests.Tokenization;

/// <summary>Random texts for properties of tokenizers.</summary>
internal static class UnicodeTexts
{
    /// <summary>Any code point, with the borders of words (spaces, contractions, digits, letters above U+FFFF) much more often than chance.</summary>
    public static readonly Gen<string> Any = Gen.Frequency(
        (6, OneOf([.. "the harbour's 1871 \t\n<|end|>'ll###aaaaab".Select(letter => letter.ToString())])),
        (2, OneOf(
            "é", "e\u0301", "ß", "東", "\u00A0", "\u2003", "\u0660", "Ⅷ", "\U00020000", "\U0001D7D8", "\U0001F980", "\U0001F1E9", "\u200D", "\U00010400", "\uAC00")),
        (2, Gen.Int[0, 0x10FFFF].Where(value => value is < 0xD800 or > 0xDFFF).Select(char.ConvertFromUtf32)))
        .Array[0, 40].Select(string.Concat);

    public static Gen<string> OneOf(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);
}
