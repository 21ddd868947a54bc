namespace OpenLedger.Lora.Gguf;

/// <summary>Every tensor type of ggml by its number: name, values per block, bytes per block.</summary>
/// <remarks>
/// Source of the numbers: <c>ggml.h</c>, <c>ggml-common.h</c> of llama.cpp v0.5.0. Sizes of types that cannot be converted are known
/// all the same, so that a file holding them can be checked for overlaps and holes and refused by the name of its type.
/// </remarks>
internal static class GgufTensorTypes
{
    private static readonly Dictionary<uint, Layout> ById = new()
    {
        [0] = new("f32", GgufTensorType.F32, 1, 4),
        [1] = new("f16", GgufTensorType.F16, 1, 2),
        [2] = new("q4_0", GgufTensorType.Q4_0, 32, 18),
        [3] = new("q4_1", GgufTensorType.Other, 32, 20),
        [6] = new("q5_0", GgufTensorType.Other, 32, 22),
        [7] = new("q5_1", GgufTensorType.Other, 32, 24),
        [8] = new("q8_0", GgufTensorType.Q8_0, 32, 34),
        [9] = new("q8_1", GgufTensorType.Other, 32, 36),
        [10] = new("q2_K", GgufTensorType.Other, 256, 84),
        [11] = new("q3_K", GgufTensorType.Other, 256, 110),
        [12] = new("q4_K", GgufTensorType.Other, 256, 144),
        [13] = new("q5_K", GgufTensorType.Other, 256, 176),
        [14] = new("q6_K", GgufTensorType.Other, 256, 210),
        [15] = new("q8_K", GgufTensorType.Other, 256, 292),
        [16] = new("iq2_xxs", GgufTensorType.Other, 256, 66),
        [17] = new("iq2_xs", GgufTensorType.Other, 256, 74),
        [18] = new("iq3_xxs", GgufTensorType.Other, 256, 98),
        [19] = new("iq1_s", GgufTensorType.Other, 256, 50),
        [20] = new("iq4_nl", GgufTensorType.Other, 32, 18),
        [21] = new("iq3_s", GgufTensorType.Other, 256, 110),
        [22] = new("iq2_s", GgufTensorType.Other, 256, 82),
        [23] = new("iq4_xs", GgufTensorType.Other, 256, 136),
        [24] = new("i8", GgufTensorType.Other, 1, 1),
        [25] = new("i16", GgufTensorType.Other, 1, 2),
        [26] = new("i32", GgufTensorType.Other, 1, 4),
        [27] = new("i64", GgufTensorType.Other, 1, 8),
        [28] = new("f64", GgufTensorType.Other, 1, 8),
        [29] = new("iq1_m", GgufTensorType.Other, 256, 56),
        [30] = new("bf16", GgufTensorType.BF16, 1, 2),
        [34] = new("tq1_0", GgufTensorType.Other, 256, 54),
        [35] = new("tq2_0", GgufTensorType.Other, 256, 66),
        [39] = new("mxfp4", GgufTensorType.Other, 32, 17),
        [40] = new("nvfp4", GgufTensorType.Other, 64, 36),
        [41] = new("q1_0", GgufTensorType.Other, 128, 18),
        [42] = new("q2_0", GgufTensorType.Other, 64, 18),
    };

    /// <summary>Numbers that ggml gave up again: files with them cannot be sized.</summary>
    private static readonly Dictionary<uint, string> Removed = new()
    {
        [4] = "q4_2",
        [5] = "q4_3",
        [31] = "q4_0_4_4",
        [32] = "q4_0_4_8",
        [33] = "q4_0_8_8",
        [36] = "iq4_nl_4_4",
        [37] = "iq4_nl_4_8",
        [38] = "iq4_nl_8_8",
    };

    public static bool TryGet(uint id, out Layout layout) => ById.TryGetValue(id, out layout);

    /// <summary>Why a number is no type of this table.</summary>
    public static string DescribeUnknown(uint id) => Removed.TryGetValue(id, out string? name)
        ? $"type {name} ({id}) was removed from ggml; convert the file with a current version of llama.cpp"
        : $"type number {id} is unknown";

    public static (uint Id, Layout Layout) Of(GgufTensorType type) => type switch
    {
        GgufTensorType.F32 => (0, ById[0]),
        GgufTensorType.F16 => (1, ById[1]),
        GgufTensorType.BF16 => (30, ById[30]),
        GgufTensorType.Q8_0 => (8, ById[8]),
        GgufTensorType.Q4_0 => (2, ById[2]),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "This type is not written; use F32, F16, BF16, Q8_0 or Q4_0."),
    };

    /// <summary>Storage of one type.</summary>
    public readonly record struct Layout(string Name, GgufTensorType Type, int BlockLength, int BlockBytes);
}
