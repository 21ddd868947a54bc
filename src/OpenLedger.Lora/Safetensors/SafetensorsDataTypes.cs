namespace OpenLedger.Lora.Safetensors;

/// <summary>Names and sizes of the element types as the format spells them.</summary>
internal static class SafetensorsDataTypes
{
    private static readonly (string Name, SafetensorsDataType Type, int Size)[] Table =
    [
        ("BOOL", SafetensorsDataType.Bool, 1),
        ("U8", SafetensorsDataType.U8, 1),
        ("I8", SafetensorsDataType.I8, 1),
        ("F8_E5M2", SafetensorsDataType.F8E5M2, 1),
        ("F8_E4M3", SafetensorsDataType.F8E4M3, 1),
        ("I16", SafetensorsDataType.I16, 2),
        ("U16", SafetensorsDataType.U16, 2),
        ("F16", SafetensorsDataType.F16, 2),
        ("BF16", SafetensorsDataType.BF16, 2),
        ("I32", SafetensorsDataType.I32, 4),
        ("U32", SafetensorsDataType.U32, 4),
        ("F32", SafetensorsDataType.F32, 4),
        ("F64", SafetensorsDataType.F64, 8),
        ("I64", SafetensorsDataType.I64, 8),
        ("U64", SafetensorsDataType.U64, 8),
    ];

    public static bool TryParse(string name, out SafetensorsDataType type)
    {
        foreach ((string candidate, SafetensorsDataType value, _) in Table)
        {
            if (candidate == name)
            {
                type = value;
                return true;
            }
        }

        type = default;
        return false;
    }

    public static int SizeOf(SafetensorsDataType type) => Table[(int)type].Size;

    public static string NameOf(SafetensorsDataType type) => Table[(int)type].Name;
}
