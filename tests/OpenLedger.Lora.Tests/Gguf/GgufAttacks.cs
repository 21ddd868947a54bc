namespace OpenLedger.Lora.Tests.Gguf;

/// <summary>Hostile GGUF files by name. Those small enough lie in <c>tests/attacks/gguf</c>; a test compares them with this list.</summary>
internal static class GgufAttacks
{
    private const uint F32 = 0;
    private const uint Q8 = 8;

    public static IReadOnlyDictionary<string, (byte[] Bytes, ModelFormatError Error, string Text)> All { get; } =
        new Dictionary<string, (byte[] Bytes, ModelFormatError Error, string Text)>
        {
            ["empty"] = ([], ModelFormatError.Truncated, "empty"),
            ["magic-only"] = ("GGUF"u8.ToArray(), ModelFormatError.Truncated, "version"),
            ["wrong-magic"] = ("GGML\u0003\0\0\0"u8.ToArray(), ModelFormatError.HeaderInvalid, "does not start with 'GGUF'"),
            ["version-1"] = (GgufBytes.Head(0, 0, version: 1).ToArray(), ModelFormatError.ConfigUnsupported, "version 1"),
            ["version-4"] = (GgufBytes.Head(0, 0, version: 4).ToArray(), ModelFormatError.ConfigUnsupported, "version 4"),
            ["big-endian"] = (GgufBytes.Head(0, 0, version: 0x0300_0000).ToArray(), ModelFormatError.ConfigUnsupported, "big-endian"),
            ["huge-tensor-count"] = (GgufBytes.Head(ulong.MaxValue, 0).ToArray(), ModelFormatError.Truncated, "tensors are announced"),
            ["huge-entry-count"] = (GgufBytes.Head(0, 1ul << 40).ToArray(), ModelFormatError.Truncated, "metadata entries are announced"),
            ["empty-key"] = (GgufBytes.Head(0, 1).Text("").U32(4).U32(1).Pad().ToArray(), ModelFormatError.HeaderInvalid, "0 bytes"),
            ["long-key"] = (GgufBytes.Head(0, 1).Text(new string('k', 65_536)).U32(4).U32(1).ToArray(), ModelFormatError.HeaderInvalid, "65536 bytes"),
            ["key-length-bomb"] = (GgufBytes.Head(0, 1).U64(ulong.MaxValue).Raw(new byte[32]).ToArray(), ModelFormatError.Truncated, "announces"),
            ["string-length-bomb"] = (GgufBytes.Head(0, 1).Text("k").U32(8).U64(1ul << 62).Raw(new byte[32]).ToArray(), ModelFormatError.Truncated, "announces"),
            ["string-length-negative"] = (GgufBytes.Head(0, 1).Text("k").U32(8).U64(1ul << 63).Raw(new byte[32]).ToArray(), ModelFormatError.Truncated, "announces"),
            ["invalid-utf8"] = (GgufBytes.Head(0, 1).Text("k").U32(8).U64(2).Raw(0xC0, 0x80).Pad().ToArray(), ModelFormatError.HeaderInvalid, "UTF-8"),
            ["unknown-value-type"] = (GgufBytes.Head(0, 1).Text("k").U32(13).U64(0).ToArray(), ModelFormatError.HeaderInvalid, "value type 13"),
            ["unknown-element-type"] = (GgufBytes.Head(0, 1).Text("k").U32(9).U32(99).U64(0).ToArray(), ModelFormatError.HeaderInvalid, "value type 99"),
            ["truth-of-two"] = (GgufBytes.Head(0, 1).Text("k").U32(7).Raw(2).Pad().ToArray(), ModelFormatError.HeaderInvalid, "truth value"),
            ["array-count-bomb"] = (GgufBytes.Head(0, 1).Text("k").U32(9).U32(0).U64(ulong.MaxValue).Raw(new byte[32]).ToArray(), ModelFormatError.Truncated, "announced"),
            ["array-size-overflow"] = (GgufBytes.Head(0, 1).Text("k").U32(9).U32(12).U64((1ul << 61) + 1).Raw(new byte[32]).ToArray(), ModelFormatError.Truncated, "announced"),
            ["string-array-bomb"] = (GgufBytes.Head(0, 1).Text("k").U32(9).U32(8).U64(1ul << 31).Raw(new byte[32]).ToArray(), ModelFormatError.Truncated, "announced"),
            ["nested-array-bomb"] = (GgufBytes.Head(0, 1).Text("k").U32(9).U32(9).U64(1ul << 50).Raw(new byte[32]).ToArray(), ModelFormatError.Truncated, "announced"),
            ["deep-arrays"] = (DeepArrays(1000), ModelFormatError.HeaderInvalid, "nests more than 4"),
            ["duplicate-key"] = (GgufBytes.Head(0, 2).Text("k").U32(4).U32(1).Text("k").U32(4).U32(1).Pad().ToArray(), ModelFormatError.DuplicateName, "'k'"),
            ["alignment-zero"] = (Alignment(0), ModelFormatError.HeaderInvalid, "general.alignment"),
            ["alignment-24"] = (Alignment(24), ModelFormatError.HeaderInvalid, "general.alignment"),
            ["alignment-huge"] = (Alignment(1u << 31), ModelFormatError.HeaderInvalid, "general.alignment"),
            ["alignment-text"] = (GgufBytes.Head(0, 1).Text("general.alignment").U32(8).Text("32").Pad().ToArray(), ModelFormatError.HeaderInvalid, "general.alignment"),
            ["duplicate-tensor"] = (GgufBytes.Head(2, 0).Tensor("t", F32, 0, 8).Tensor("t", F32, 32, 8).Pad().Raw(new byte[64]).ToArray(), ModelFormatError.DuplicateName, "'t'"),
            ["rank-5"] = (GgufBytes.Head(1, 0).Tensor("t", F32, 0, 1, 1, 1, 1, 8).Pad().Raw(new byte[32]).ToArray(), ModelFormatError.ShapeInvalid, "5 dimensions"),
            ["rank-huge"] = (GgufBytes.Head(1, 0).Text("t").U32(uint.MaxValue).Raw(new byte[64]).ToArray(), ModelFormatError.ShapeInvalid, "dimensions"),
            ["extent-negative"] = (GgufBytes.Head(1, 0).Tensor("t", F32, 0, ulong.MaxValue).Pad().ToArray(), ModelFormatError.ShapeInvalid, "extent"),
            ["product-overflow"] = (GgufBytes.Head(1, 0).Tensor("t", F32, 0, int.MaxValue, int.MaxValue, 4).Pad().ToArray(), ModelFormatError.ShapeInvalid, "overflows"),
            ["product-wraps"] = (GgufBytes.Head(1, 0).Tensor("t", F32, 0, 1ul << 30, 1ul << 30, 1ul << 2, 1ul << 2).Pad().ToArray(), ModelFormatError.ShapeInvalid, "overflows"),
            ["type-unknown"] = (GgufBytes.Head(1, 0).Tensor("t", 4_000_000_000, 0, 32).Pad().Raw(new byte[128]).ToArray(), ModelFormatError.DataTypeUnsupported, "4000000000"),
            ["type-removed"] = (GgufBytes.Head(1, 0).Tensor("t", 4, 0, 32).Pad().Raw(new byte[128]).ToArray(), ModelFormatError.DataTypeUnsupported, "q4_2"),
            ["row-not-whole-blocks"] = (GgufBytes.Head(1, 0).Tensor("t", Q8, 0, 16, 2).Pad().Raw(new byte[64]).ToArray(), ModelFormatError.ShapeInvalid, "q8_0"),
            ["offset-misaligned"] = (GgufBytes.Head(1, 0).Tensor("t", F32, 8, 6).Pad().Raw(new byte[32]).ToArray(), ModelFormatError.OffsetsInvalid, "multiple"),
            ["offset-negative"] = (GgufBytes.Head(1, 0).Tensor("t", F32, 1ul << 63, 8).Pad().Raw(new byte[32]).ToArray(), ModelFormatError.OffsetsInvalid, "beyond"),
            ["offset-past-end"] = (GgufBytes.Head(1, 0).Tensor("t", F32, 64, 8).Pad().Raw(new byte[32]).ToArray(), ModelFormatError.OffsetsInvalid, "hole"),
            ["data-past-end"] = (GgufBytes.Head(1, 0).Tensor("t", F32, 0, 16).Pad().Raw(new byte[32]).ToArray(), ModelFormatError.Truncated, "64 bytes"),
            ["last-byte-missing"] = (GgufBytes.Head(1, 0).Tensor("t", F32, 0, 8).Pad().Raw(new byte[31]).ToArray(), ModelFormatError.Truncated, "32 bytes"),
            ["no-data"] = (GgufBytes.Head(1, 0).Tensor("t", F32, 0, 16).ToArray(), ModelFormatError.Truncated, "64 bytes"),
            ["overlap"] = (GgufBytes.Head(2, 0).Tensor("a", F32, 0, 16).Tensor("b", F32, 32, 16).Pad().Raw(new byte[96]).ToArray(), ModelFormatError.OffsetsInvalid, "inside the data"),
            ["same-data-twice"] = (GgufBytes.Head(2, 0).Tensor("a", F32, 0, 8).Tensor("b", F32, 0, 8).Pad().Raw(new byte[32]).ToArray(), ModelFormatError.OffsetsInvalid, "inside the data"),
            ["hole"] = (GgufBytes.Head(2, 0).Tensor("a", F32, 0, 8).Tensor("b", F32, 64, 8).Pad().Raw(new byte[96]).ToArray(), ModelFormatError.OffsetsInvalid, "hole"),
            ["hole-at-start"] = (GgufBytes.Head(1, 0).Tensor("a", F32, 32, 8).Pad().Raw(new byte[64]).ToArray(), ModelFormatError.OffsetsInvalid, "hole"),
            ["bytes-left-over"] = (GgufBytes.Head(1, 0).Tensor("a", F32, 0, 8).Pad().Raw(new byte[33]).ToArray(), ModelFormatError.OffsetsInvalid, "belong to no tensor"),
            ["head-cut"] = (GgufBytes.Head(1, 0).Text("t").U32(2).U64(8).ToArray(), ModelFormatError.Truncated, "ends at"),
        };

    private static byte[] Alignment(uint value) => GgufBytes.Head(0, 1).Text("general.alignment").U32(4).U32(value).Pad().ToArray();

    private static byte[] DeepArrays(int depth)
    {
        GgufBytes bytes = GgufBytes.Head(0, 1).Text("k").U32(9);
        for (int i = 0; i < depth; i++)
        {
            bytes.U32(9).U64(1);
        }

        return bytes.U32(0).U64(0).Pad().ToArray();
    }
}
