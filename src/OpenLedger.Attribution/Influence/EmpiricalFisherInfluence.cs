using OpenLedger.Attribution.Influence.Kernels;

namespace OpenLedger.Attribution.Influence;

/// <summary>
/// Influence functions with the damped empirical Fisher matrix over all parameters jointly, solved exactly: the default method.
/// </summary>
/// <remarks>
/// <para><c>s(q, i) = v_qᵀ (GᵀG/n + λI)⁻¹ g_i = n [(G Gᵀ + nλI)⁻¹ G v_q]_i</c> (Woodbury), so the work after the products is one
/// Cholesky factor of n × n and one solve per query, whatever the number of parameters.
/// <c>s/n</c> estimates by how much the loss of the query rises when the record's weight falls from 1 to 0.</para>
/// <para>Source: Koh and Liang, "Understanding Black-box Predictions via Influence Functions", ICML 2017, with the Fisher matrix of
/// the training labels in place of the Hessian; that stands in well near a minimum and is wrong where residuals vary wildly.</para>
/// <para>Immutable, deterministic to the bit on every machine, and safe for concurrent use.</para>
/// </remarks>
public sealed class EmpiricalFisherInfluence : IInfluenceMethod
{
    private readonly EmpiricalFisherOptions _options;

    /// <summary>Creates the method.</summary>
    /// <param name="options">Settings; the defaults when null.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public EmpiricalFisherInfluence(EmpiricalFisherOptions? options = null)
    {
        _options = options ?? new EmpiricalFisherOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public string Name => _options.Normalization switch
    {
        SelfNormalization.RelatIf => "empirical-fisher-relatif",
        SelfNormalization.L2 => "empirical-fisher-l2",
        SelfNormalization.UnitRows => "empirical-fisher-unit-rows",
        _ => "empirical-fisher",
    };

    /// <inheritdoc/>
    public ProductDetail Detail => ProductDetail.Joint;

    /// <inheritdoc/>
    public InfluenceScores Score(GradientProducts products)
    {
        ArgumentNullException.ThrowIfNull(products);
        int n = products.TrainCount;
        double[] gram = products.SumTrainTrain();
        double[] scores = products.SumQueryTrain();
        double[] lengths = Lengths(gram, n);
        if (_options.Normalization == SelfNormalization.UnitRows)
        {
            ScaleToUnitRows(gram, scores, lengths, n);
        }

        double trace = 0;
        for (int i = 0; i < n; i++)
        {
            trace += gram[(i * n) + i];
        }

        if (trace == 0)
        {
            return new InfluenceScores(Name, products.QueryCount, n, scores); // every gradient is zero, and so is every product
        }

        double shift = n * _options.Damping.Resolve(trace, n, products.ParameterCount);
        double[] matrix = _options.Normalization == SelfNormalization.RelatIf ? (double[])gram.Clone() : gram;
        for (int i = 0; i < n; i++)
        {
            matrix[(i * n) + i] += shift;
        }

        CholeskyFactor factor = CholeskyFactor.TryFactor(matrix, n)
            ?? throw new ArgumentException($"The curvature with nλ = {shift:g3} is not positive definite in double precision; raise the damping.", nameof(products));
        factor.SolveRows(scores, products.QueryCount);
        for (int k = 0; k < scores.Length; k++)
        {
            scores[k] *= n;
        }

        switch (_options.Normalization)
        {
            case SelfNormalization.RelatIf:
                DivideColumns(scores, SelfInfluenceRoots(factor, gram, n), n);
                break;
            case SelfNormalization.L2:
                DivideColumns(scores, lengths, n);
                break;
        }

        return new InfluenceScores(Name, products.QueryCount, n, scores);
    }

    private static double[] Lengths(double[] gram, int n)
    {
        double[] lengths = new double[n];
        for (int i = 0; i < n; i++)
        {
            lengths[i] = Math.Sqrt(gram[(i * n) + i]);
        }

        return lengths;
    }

    private static void ScaleToUnitRows(double[] gram, double[] queryTrain, double[] lengths, int n)
    {
        DivideColumns(queryTrain, lengths, n);
        DivideColumns(gram, lengths, n);
        for (int i = 0; i < n; i++)
        {
            Span<double> row = gram.AsSpan(i * n, n);
            for (int j = 0; j < n; j++)
            {
                row[j] = lengths[i] > 0 ? row[j] / lengths[i] : 0;
            }
        }
    }

    // sqrt(g_iᵀ H⁻¹ g_i) with g_iᵀ H⁻¹ g_i = n [(K + nλI)⁻¹ K]_ii
    private static double[] SelfInfluenceRoots(CholeskyFactor factor, double[] gram, int n)
    {
        double[] solved = (double[])gram.Clone();
        factor.SolveRows(solved, n); // K is symmetric: its rows are its columns
        double[] roots = new double[n];
        for (int i = 0; i < n; i++)
        {
            roots[i] = Math.Sqrt(Math.Max(0, n * solved[(i * n) + i]));
        }

        return roots;
    }

    // A zero divisor belongs to a zero gradient, whose score is zero already.
    private static void DivideColumns(double[] scores, double[] divisors, int n)
    {
        for (int k = 0; k < scores.Length; k++)
        {
            double divisor = divisors[k % n];
            scores[k] = divisor > 0 ? scores[k] / divisor : 0;
        }
    }
}
