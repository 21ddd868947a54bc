namespace OpenLedger.Datanets.Licences;

/// <summary>Several expressions joined by one operator.</summary>
public sealed class CompoundLicence : LicenceExpression
{
    internal CompoundLicence(LicenceOperator @operator, IReadOnlyList<LicenceExpression> operands)
    {
        Operator = @operator;
        Operands = operands;
        Licences = [.. operands.SelectMany(static operand => operand.Licences)];
        AlternativeCount = @operator == LicenceOperator.Or
            ? (int)Math.Min(int.MaxValue, operands.Sum(static operand => (long)operand.AlternativeCount))
            : (int)operands.Aggregate(1L, static (product, operand) => Math.Min(int.MaxValue, product * operand.AlternativeCount));
    }

    /// <summary>What joins the operands.</summary>
    public LicenceOperator Operator { get; }

    /// <summary>Two or more operands, none of which is joined by the same operator.</summary>
    public IReadOnlyList<LicenceExpression> Operands { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<SingleLicence> Licences { get; }

    internal override int AlternativeCount { get; }

    internal override IEnumerable<IReadOnlyList<SingleLicence>> Choices() => Operator == LicenceOperator.Or
        ? Operands.SelectMany(static operand => operand.Choices())
        : Operands.Aggregate(
            (IEnumerable<IReadOnlyList<SingleLicence>>)[[]],
            static (choices, operand) =>
            {
                IReadOnlyList<SingleLicence>[] right = [.. operand.Choices()];
                return choices.SelectMany(left => right.Select(choice => (IReadOnlyList<SingleLicence>)[.. left, .. choice]));
            });

    /// <inheritdoc/>
    public override string ToString() => Operator == LicenceOperator.Or
        ? string.Join(" OR ", Operands)
        : string.Join(" AND ", Operands.Select(static operand => operand is CompoundLicence ? $"({operand})" : operand.ToString()));
}
