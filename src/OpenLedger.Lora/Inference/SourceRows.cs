using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Inference;

/// <summary>Takes the rows that a <see cref="TensorSource"/> names out of a stored tensor.</summary>
internal static class SourceRows
{
    /// <summary>Columns that are transposed together.</summary>
    public const int TransposeBlock = 32;

    /// <summary>Rows of the whole stored matrix, seen as <c>[out, in]</c>; elements of a stored vector.</summary>
    public static int StoredRows(TensorSource source) => source.Shape[source.Transposed ? source.Shape.Count - 1 : 0];

    /// <summary>The rows in order: one range over all where the source names none.</summary>
    public static ValueList<RowRange> Of(TensorSource source) => source.Rows.Count > 0 ? source.Rows : [new RowRange(0, StoredRows(source))];

    /// <summary>Rows of the weight.</summary>
    public static int Count(TensorSource source) => source.Rows.Count > 0 ? source.Rows.Sum(r => r.Count) : StoredRows(source);

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
        T[] gathered = new T[checked(Count(source) * width)];
        if (source.Transposed)
        {
            int pitch = StoredRows(source);
            for (int column = 0; column < width; column += TransposeBlock)
            {
                TransposeInto(source, stored.Slice(column * pitch, Math.Min(TransposeBlock, width - column) * pitch), column, width, gathered);
            }

            return gathered;
        }

        int at = 0;
        foreach (RowRange range in Of(source))
        {
            stored.Slice(range.Begin * width, range.Count * width).CopyTo(gathered.AsSpan(at));
            at += range.Count * width;
        }

        return gathered;
    }

    /// <summary>Copies stored rows, which are columns of the weight, to their places.</summary>
    /// <typeparam name="T">The stored element.</typeparam>
    /// <param name="source">A transposed source.</param>
    /// <param name="block">Up to <see cref="TransposeBlock"/> stored rows: so few that neither side touches a new cache line per element.</param>
    /// <param name="column">Column of the first.</param>
    /// <param name="width">Columns of the weight.</param>
    /// <param name="values">The weight, row-major <c>[rows, width]</c>.</param>
    public static void TransposeInto<T>(TensorSource source, ReadOnlySpan<T> block, int column, int width, Span<T> values)
    {
        int pitch = StoredRows(source);
        int columns = block.Length / pitch;
        int row = 0;
        foreach (RowRange range in Of(source))
        {
            for (int stored = range.Begin; stored < range.Begin + range.Count; stored++, row++)
            {
                for (int c = 0; c < columns; c++)
                {
                    values[(row * width) + column + c] = block[(c * pitch) + stored];
                }
            }
        }
    }
}
