using System.Globalization;

namespace OpenLedger.Datanets.Reading;

/// <summary>Several sources read as one, in fixed proportions, without chance: the source that is furthest behind its share is drawn next.</summary>
/// <remarks>
/// After any number of draws no source is ahead of its exact share by one or more, as long as none has run out. Ties go to the source named
/// first. Immutable; safe for concurrent use when the sources are.
/// </remarks>
public sealed class TrainingMixture
{
    private readonly MixtureSource[] _sources;
    private readonly MixtureEnd _end;

    /// <summary>Creates a mixture.</summary>
    /// <param name="sources">1 to 1,000 sources; copied.</param>
    /// <param name="end">What happens when a source runs out.</param>
    /// <exception cref="ArgumentException">A parameter is not legal; the message names every fault.</exception>
    public TrainingMixture(IEnumerable<MixtureSource> sources, MixtureEnd end = MixtureEnd.WhenFirstEnds)
    {
        ArgumentNullException.ThrowIfNull(sources);
        _sources = [.. sources];
        _end = end;
        List<string> faults = [];
        if (_sources.Length is 0 or > 1000)
        {
            faults.Add($"A mixture has 1 to 1000 sources, not {_sources.Length}.");
        }

        if (_sources.Any(source => source?.Name is null || source.Read is null))
        {
            throw new ArgumentException("A source, its name or its reading is null; give each source all three.", nameof(sources));
        }

        faults.AddRange(_sources
            .Where(source => source.Weight is < 1 or > 1_000_000_000)
            .Select(source => string.Create(CultureInfo.InvariantCulture, $"The weight of '{source.Name}' is {source.Weight}; it must be from 1 to 1000000000.")));
        if (_sources.DistinctBy(source => source.Name).Count() != _sources.Length)
        {
            faults.Add("Two sources have one name; name each differently.");
        }

        if (!Enum.IsDefined(end))
        {
            faults.Add($"The end {(int)end} is unknown; use a member of {nameof(MixtureEnd)}.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults), nameof(sources));
        }
    }

    /// <summary>
    /// Weights that flatten differences of size: <c>size^(1/temperature)</c>, scaled so that the largest is 1,000,000. Temperature 1 keeps the
    /// proportions of the sizes, a large one makes all weights equal.
    /// </summary>
    /// <param name="sizes">Records or tokens per source, each at least 1.</param>
    /// <param name="temperature">From 1 on.</param>
    /// <returns>One weight per size, from 1 to 1,000,000.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size or the temperature is out of range.</exception>
    public static long[] TemperatureWeights(IReadOnlyList<long> sizes, double temperature)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        if (!(temperature >= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "The temperature must be 1 or more.");
        }

        if (sizes.Count == 0)
        {
            return [];
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(sizes.Min(), 1, nameof(sizes));
        double largest = Math.Pow(sizes.Max(), 1 / temperature);
        return [.. sizes.Select(size => Math.Max(1, (long)Math.Round(1_000_000 * Math.Pow(size, 1 / temperature) / largest)))];
    }

    /// <summary>Reads the mixture.</summary>
    /// <param name="epoch">Handed to the sources; not negative.</param>
    /// <returns>A sequence that reads the sources while it is walked.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epoch"/> is negative.</exception>
    public IEnumerable<TrainingRecord> Read(int epoch = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        return Draw(epoch);
    }

    private IEnumerable<TrainingRecord> Draw(int epoch)
    {
        Course[] courses = [.. _sources.Select(source => new Course(source, epoch))];
        try
        {
            while (Next(courses) is Course course)
            {
                if (!course.MoveNext())
                {
                    if (_end == MixtureEnd.WhenFirstEnds)
                    {
                        yield break;
                    }

                    course.WasRead = true;
                    if (_end == MixtureEnd.WhenAllEnd)
                    {
                        course.IsOut = true;
                        continue;
                    }

                    if (courses.All(other => other.WasRead))
                    {
                        yield break;
                    }

                    if (!course.Restart())
                    {
                        course.IsOut = true; // an empty source has nothing to repeat
                        continue;
                    }
                }

                foreach (Course other in courses.Where(other => !other.IsOut))
                {
                    other.Credit += other.Source.Weight;
                }

                course.Credit -= courses.Where(other => !other.IsOut).Sum(other => other.Source.Weight);
                yield return course.Current;
            }
        }
        finally
        {
            foreach (Course course in courses)
            {
                course.Dispose();
            }
        }
    }

    /// <summary>The source whose credit, after the weights of this draw were added, is greatest.</summary>
    private static Course? Next(Course[] courses)
    {
        Course? best = null;
        foreach (Course course in courses.Where(course => !course.IsOut))
        {
            if (best is null || course.Credit + course.Source.Weight > best.Credit + best.Source.Weight)
            {
                best = course;
            }
        }

        return best;
    }

    private sealed class Course(MixtureSource source, int epoch) : IDisposable
    {
        private IEnumerator<TrainingRecord>? _records;
        private int _epoch = epoch;

        public MixtureSource Source { get; } = source;

        public Int128 Credit { get; set; }

        public bool IsOut { get; set; }

        public bool WasRead { get; set; }

        public TrainingRecord Current => _records!.Current;

        public bool MoveNext() => (_records ??= Source.Read(_epoch).GetEnumerator()).MoveNext();

        public bool Restart()
        {
            _records?.Dispose();
            _records = Source.Read(++_epoch).GetEnumerator();
            return _records.MoveNext();
        }

        public void Dispose() => _records?.Dispose();
    }
}
