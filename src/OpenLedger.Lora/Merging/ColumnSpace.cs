// Shape legend: m = length of the vectors, r = number of vectors. Vectors are stored one after the other: v[k * m + i].
using System.Numerics.Tensors;

namespace OpenLedger.Lora.Merging;

/// <summary>A thin QR decomposition: r vectors of length m as an orthonormal basis and an upper triangular r x r matrix of coordinates.</summary>
/// <remarks>
/// Gram-Schmidt in double, every vector orthogonalised twice, which is as orthogonal as Householder's method (Giraud et al., 2005). A vector
/// that depends on earlier ones gets a zero in place of a basis vector: products with the coordinates stay exact.
/// </remarks>
internal sealed class ColumnSpace
{
    private ColumnSpace(double[] basis, double[] coordinates, int length, int count)
    {
        Basis = basis;
        Coordinates = coordinates;
        Length = length;
        Count = count;
    }

    /// <summary>Orthonormal (or zero) vectors, <c>[r, m]</c>.</summary>
    public double[] Basis { get; }

    /// <summary>R, row-major <c>[r, r]</c>: vector j = Σ_k R[k, j] · basis k.</summary>
    public double[] Coordinates { get; }

    /// <summary>m</summary>
    public int Length { get; }

    /// <summary>r</summary>
    public int Count { get; }

    /// <param name="vectors"><c>[r, m]</c>; overwritten by the basis.</param>
    /// <param name="length">m</param>
    /// <param name="count">r</param>
    public static ColumnSpace Of(double[] vectors, int length, int count)
    {
        const double dependent = 1e-14;
        double[] r = new double[count * count];
        for (int j = 0; j < count; j++)
        {
            Span<double> vector = vectors.AsSpan(j * length, length);
            double norm = TensorPrimitives.Norm<double>(vector);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int k = 0; k < j; k++)
                {
                    ReadOnlySpan<double> earlier = vectors.AsSpan(k * length, length);
                    double along = TensorPrimitives.Dot<double>(earlier, vector);
                    TensorPrimitives.MultiplyAdd(earlier, -along, vector, vector);
                    r[(k * count) + j] += along;
                }
            }

            double rest = TensorPrimitives.Norm<double>(vector);
            if (rest <= dependent * norm)
            {
                vector.Clear();
                continue;
            }

            r[(j * count) + j] = rest;
            TensorPrimitives.Divide(vector, rest, vector);
        }

        return new ColumnSpace(vectors, r, length, count);
    }
}
