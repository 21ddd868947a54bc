namespace OpenLedger.Attribution.Gradients;

/// <summary>How the columns of a gradient row divide into named blocks. Two matrices are comparable when their layouts are equal.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class GradientLayout : IEquatable<GradientLayout>
{
    private readonly GradientBlock[] _blocks;

    /// <summary>Lays the tensors out one after another in the given order.</summary>
    /// <param name="tensors">Name and element count of each tensor.</param>
    /// <exception cref="ArgumentException">There is no tensor, a name is empty or repeated, or the total exceeds an array's length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1.</exception>
    public GradientLayout(IEnumerable<(string Name, int Length)> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        List<GradientBlock> blocks = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        long offset = 0;
        foreach ((string name, int length) in tensors)
        {
            ArgumentException.ThrowIfNullOrEmpty(name, nameof(tensors));
            ArgumentOutOfRangeException.ThrowIfLessThan(length, 1, nameof(tensors));
            if (!names.Add(name))
            {
                throw new ArgumentException($"The tensor name '{name}' occurs twice; names identify blocks and must be unique.", nameof(tensors));
            }

            blocks.Add(new GradientBlock(name, (int)offset, length));
            offset += length;
            if (offset > Array.MaxLength)
            {
                throw new ArgumentException($"The tensors hold {offset} or more elements; a row holds at most {Array.MaxLength}. Attribute fewer tensors.", nameof(tensors));
            }
        }

        if (blocks.Count == 0)
        {
            throw new ArgumentException("A layout needs at least one tensor.", nameof(tensors));
        }

        _blocks = [.. blocks];
        ParameterCount = (int)offset;
    }

    /// <summary>The blocks in column order; they touch and cover the row.</summary>
    public IReadOnlyList<GradientBlock> Blocks => _blocks;

    /// <summary>Columns of a row: the sum of the block lengths.</summary>
    public int ParameterCount { get; }

    /// <summary>Whether the other layout has the same names and lengths in the same order.</summary>
    /// <param name="other">The layout to compare with.</param>
    public bool Equals(GradientLayout? other) => other is not null && _blocks.AsSpan().SequenceEqual(other._blocks);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GradientLayout);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_blocks.Length, ParameterCount, _blocks[0], _blocks[^1]);
}
