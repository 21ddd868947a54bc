using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Inference;

/// <summary>Takes the rows that a <see cref="TensorSource"/> names out of a stored tensor.</summary>
internal static class SourceRows
{
    private const int TransposeBlock = 32;

    /// <summary>Rows of the whole stored matrix, seen as <c>[out, in]</c>; elements of a stored vector.</summary>
    public static int StoredRows(TensorSource source) => source.Shape[source.Transposed ? source.Shape.Count - 1 : 0];

    /// <summary>The rows in order: one range over all where the source names none.</summary>
    public static ValueList<RowRange> Of(TensorSource source) => source.Rows.Count > 0 ? source.Rows : [new RowRange(0, StoredRows(source))];

    /// <summary>Whether the rows are one run of stored elements, so that they can be used in place.</summary>
    public static bool AreInPlace(TensorSource source) => !source.Transposed && source.Rows.Count <= 1;

    /// <summary>The rows, in place where they are one run.</summary>
    /// <param name="source">Where the rows lie.</param>
    /// <param name="stored">The whole stored tensor.</param>
    /// <param name="width">Columns; 1 for a vector.</param>
    public static ReadOnlyMemory<float> Rows(TensorSource source, ReadOnlyMemory<float> stored, int width)
    {
        RowRange first = Of(source)[0];
        return AreInPlace(source) ? stored.Slice(first.Begin * width, first.Count * width) : Gather(source, stored.Span, width);
    }

    /// <summary>Copies the rows together.</summary>
    /// <typeparam name="T">The stored element.</typeparam>
    /// <param name="source">Where the rows lie.</param>
    /// <param name="stored">The whole stored tensor.</param>
    /// <param name="width">Columns; 1 for a vector.</param>
    /// <returns>Row-major <c>[rows, width]</c>.</returns>
    public static T[] Gather<T>(TensorSource source, ReadOnlySpan<T> stored, int width)
    {
        ValueList<RowRange> ranges = Of(source);
        T[] gathered = new T[checked(ranges.Sum(r => r.Count) * width)];
        int at = 0;
        foreach (RowRange range in ranges)
        {
            if (source.Transposed)
            {
                Transpose(stored, StoredRows(source), range, gathered.AsSpan(at, range.Count * width), width);
            }
            else
            {
                stored.Slice(range.Begin * width, range.Count * width).CopyTo(gathered.AsSpan(at));
            }

            at += range.Count * width;
        }

        return gathered;
    }

    /// <summary>Square blocks, so that neither side touches a new cache line per element.</summary>
    private static void Transpose<T>(ReadOnlySpan<T> stored, int pitch, RowRange range, Span<T> rows, int width)
    {
        for (int row0 = 0; row0 < range.Count; row0 += TransposeBlock)
        {
            int row1 = Math.Min(range.Count, row0 + TransposeBlock);
            for (int column0 = 0; column0 < width; column0 += TransposeBlock)
            {
                int column1 = Math.Min(width, column0 + TransposeBlock);
                for (int row = row0; row < row1; row++)
                {
                    for (int column = column0; column < column1; column++)
                    {
                        rows[(row * width) + column] = stored[(column * pitch) + range.Begin + row];
                    }
                }
            }
        }
    }
}
