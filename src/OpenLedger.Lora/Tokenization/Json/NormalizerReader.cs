using System.Buffers.Text;
using System.Text;
using OpenLedger.Lora.Tokenization.Normalization;
using OpenLedger.Lora.Tokenization.Splitting;

namespace OpenLedger.Lora.Tokenization.Json;

/// <summary>Reads the member <c>normalizer</c>.</summary>
internal static class NormalizerReader
{
    public static ITextNormalizer Read(JsonField? field)
    {
        if (field is null)
        {
            return NormalizerSequence.Identity;
        }

        string type = field.Required("type").Text();
        return type switch
        {
            "Sequence" => new NormalizerSequence([.. field.Required("normalizers").Items().Select(Read)]),
            "NFC" => new FormCNormalizer(),
            "Prepend" => new PrependNormalizer(field.Required("prepend").Text()),
            "Strip" => new StripNormalizer(field.Flag("strip_left", absent: false), field.Flag("strip_right", absent: false)),
            "Replace" => new ReplaceNormalizer(ReadPattern(field.Required("pattern")), field.Required("content").Text()),
            "Precompiled" => ReadPrecompiled(field.Required("precompiled_charsmap")),
            _ => throw field.Unsupported($"normalizer '{type}'"),
        };
    }

    /// <summary>A text or a regular expression.</summary>
    public static IMatchPattern ReadPattern(JsonField pattern)
    {
        if (pattern.Optional("String") is { } literal)
        {
            return literal.Text() is { Length: > 0 } text
                ? new LiteralPattern(text)
                : throw literal.Fault(TokenizerFormatError.InvalidField, "must not be empty");
        }

        JsonField source = pattern.Required("Regex");
        try
        {
            return UnicodePattern.Parse(source.Text());
        }
        catch (FormatException exception)
        {
            throw source.Unsupported($"regular expression '{source.Text()}': {exception.Message}");
        }
    }

    private static NormalizerSequence ReadPrecompiled(JsonField field)
    {
        byte[] base64 = Encoding.UTF8.GetBytes(field.Text());
        if (base64.Length == 0)
        {
            return NormalizerSequence.Identity;
        }

        try
        {
            var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
            return Base64.DecodeFromUtf8(base64, bytes, out _, out int length) == System.Buffers.OperationStatus.Done
                ? new NormalizerSequence([new PrecompiledNormalizer(CharacterMap.Read(bytes.AsSpan(0, length)))])
                : throw new FormatException("it is not Base64");
        }
        catch (FormatException exception)
        {
            throw field.Fault(TokenizerFormatError.InvalidField, exception.Message);
        }
    }
}
