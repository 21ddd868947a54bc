namespace OpenLedger.Attribution.Influence;

/// <summary>
/// The λ that is added to the curvature <c>H = GᵀG/n</c> before it is inverted. It is the setting that matters most: too small and
/// noise directions dominate, too large and the method turns into a plain gradient product.
/// </summary>
public readonly record struct Damping
{
    private Damping(double value, bool isRelative)
    {
        Value = value;
        IsRelative = isRelative;
    }

    /// <summary>λ itself, or the multiple of the mean eigenvalue.</summary>
    public double Value { get; }

    /// <summary>Whether <see cref="Value"/> multiplies the mean eigenvalue.</summary>
    public bool IsRelative { get; }

    /// <summary>λ as given, in the unit of a squared gradient.</summary>
    /// <param name="lambda">Finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite or not above 0.</exception>
    public static Damping Absolute(double lambda)
    {
        ThrowIfNotPositive(lambda, nameof(lambda));
        return new Damping(lambda, isRelative: false);
    }

    /// <summary>λ = multiple · trace(H) / min(n, P): a multiple of the mean of those eigenvalues that can differ from zero.</summary>
    /// <param name="multiple">Finite and above 0.</param>
    /// <remarks>
    /// The mean runs over min(n, P) and not over P, because with P ≫ n nearly all of the P eigenvalues are zero and their mean
    /// would leave H all but undamped. For n ≤ P, nλ is then <c>multiple</c> times the mean squared length of a gradient.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite or not above 0.</exception>
    public static Damping RelativeToMeanEigenvalue(double multiple)
    {
        ThrowIfNotPositive(multiple, nameof(multiple));
        return new Damping(multiple, isRelative: true);
    }

    internal double Resolve(double traceOfGram, int trainCount, long parameterCount) =>
        IsRelative ? Value * (traceOfGram / trainCount) / Math.Min(trainCount, parameterCount) : Value;

    private static void ThrowIfNotPositive(double value, string parameter)
    {
        if (!double.IsFinite(value) || value <= 0)
        {
            throw new ArgumentOutOfRangeException(parameter, value, "Damping must be finite and above 0.");
        }
    }
}
