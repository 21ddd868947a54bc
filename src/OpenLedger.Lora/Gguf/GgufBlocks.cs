using System.Buffers.Binary;

namespace OpenLedger.Lora.Gguf;

/// <summary>Blocks of ggml's <c>q8_0</c> and <c>q4_0</c>, bit for bit as its reference quantiser writes them.</summary>
/// <remarks>
/// <para>
/// Formulas: <c>quantize_row_q8_0_ref</c>, <c>quantize_row_q4_0_ref</c> and their inverses in <c>ggml-quants.c</c>. The scale that
/// is stored is rounded to half precision; the codes are computed with the unrounded one.
/// </para>
/// <para>x = 32 values of one block, d = scale, q = codes.</para>
/// </remarks>
internal static class GgufBlocks
{
    public const int Length = 32;
    public const int Q8Bytes = 2 + Length;
    public const int Q4Bytes = 2 + (Length / 2);

    /// <summary><c>x[i] = d * q[i]</c></summary>
    public static void DecodeQ8(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (; destination.Length > 0; source = source[Q8Bytes..], destination = destination[Length..])
        {
            float d = (float)BinaryPrimitives.ReadHalfLittleEndian(source);
            ReadOnlySpan<byte> codes = source.Slice(2, Length);
            Span<float> values = destination[..Length];
            for (int i = 0; i < Length; i++)
            {
                values[i] = d * (sbyte)codes[i];
            }
        }
    }

    /// <summary><c>x[i] = d * ((q[i] &amp; 15) - 8), x[i + 16] = d * ((q[i] >> 4) - 8)</c></summary>
    public static void DecodeQ4(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (; destination.Length > 0; source = source[Q4Bytes..], destination = destination[Length..])
        {
            float d = (float)BinaryPrimitives.ReadHalfLittleEndian(source);
            ReadOnlySpan<byte> codes = source.Slice(2, Length / 2);
            Span<float> values = destination[..Length];
            for (int i = 0; i < Length / 2; i++)
            {
                values[i] = d * ((codes[i] & 15) - 8);
                values[i + (Length / 2)] = d * ((codes[i] >> 4) - 8);
            }
        }
    }

    /// <summary><c>d = max|x| / 127, q[i] = round(x[i] / d)</c>, halves away from zero.</summary>
    public static void EncodeQ8(ReadOnlySpan<float> source, Span<byte> destination)
    {
        for (; source.Length > 0; source = source[Length..], destination = destination[Q8Bytes..])
        {
            float largest = 0;
            foreach (float value in source[..Length])
            {
                largest = Math.Max(largest, Math.Abs(value));
            }

            float d = largest / 127;
            float inverse = Inverse(d);
            BinaryPrimitives.WriteHalfLittleEndian(destination, (Half)d);
            for (int i = 0; i < Length; i++)
            {
                destination[2 + i] = (byte)(sbyte)MathF.Round(source[i] * inverse, MidpointRounding.AwayFromZero);
            }
        }
    }

    /// <summary><c>d = x[argmax|x|] / -8, q[i] = min(15, floor(x[i] / d + 8.5))</c>: the value of largest magnitude becomes code 0.</summary>
    public static void EncodeQ4(ReadOnlySpan<float> source, Span<byte> destination)
    {
        for (; source.Length > 0; source = source[Length..], destination = destination[Q4Bytes..])
        {
            float extreme = 0;
            foreach (float value in source[..Length])
            {
                extreme = Math.Abs(value) > Math.Abs(extreme) ? value : extreme;
            }

            float d = extreme / -8;
            float inverse = Inverse(d);
            BinaryPrimitives.WriteHalfLittleEndian(destination, (Half)d);
            for (int i = 0; i < Length / 2; i++)
            {
                int low = Math.Min(15, (int)((source[i] * inverse) + 8.5f));
                int high = Math.Min(15, (int)((source[i + (Length / 2)] * inverse) + 8.5f));
                destination[2 + i] = (byte)(low | (high << 4));
            }
        }
    }

    /// <summary>Whether the half-precision scale at the start of every block is finite.</summary>
    public static bool HaveFiniteScales(ReadOnlySpan<byte> blocks, int blockBytes)
    {
        for (int i = 0; i < blocks.Length; i += blockBytes)
        {
            if (!Half.IsFinite(BinaryPrimitives.ReadHalfLittleEndian(blocks[i..])))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Where the inverse of a subnormal scale is infinite, ggml converts infinities to integers, which C leaves undefined; the stored
    /// scale is zero then and so are the decoded values, whatever the codes.
    /// </summary>
    private static float Inverse(float d)
    {
        float inverse = 1 / d;
        return float.IsFinite(inverse) ? inverse : 0;
    }
}
