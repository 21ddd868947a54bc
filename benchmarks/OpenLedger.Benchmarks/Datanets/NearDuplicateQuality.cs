using System.Globalization;
using OpenLedger.Datanets.Deduplication.Near;

namespace OpenLedger.Benchmarks.Datanets;

/// <summary>How often pairs of known similarity share a band of 8 rows among 14, per way to make signatures, beside the exact curve.</summary>
internal static class NearDuplicateQuality
{
    private const int Rows = 112;
    private const int Pairs = 4_000;
    private const int Seeds = 20;
    private const ulong Prime = (1UL << 61) - 1;

    private static readonly double[] Similarities = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];

    public static void Run(TextWriter output)
    {
        MinHasher[] hashers = [.. Enumerable.Range(0, Seeds).Select(seed => new MinHasher(new MinHashOptions { Seed = seed }))];
        (string Name, Func<ulong[], int, ulong[]> Sign)[] variants =
        [
            ("classic, mod 2^61-1", Classic),
            ("32-bit rows, not cut", (shingles, seed) => Uncut(shingles, hashers[seed])),
            ("8-bit rows (the product)", (shingles, seed) => Product(shingles, hashers[seed])),
            ("one permutation, densified", OnePermutation),
        ];
        foreach (int union in (int[])[240, 30])
        {
            Print(output, $"{union} shingles in the union, {Pairs} pairs each; standard error at most {0.5 / Math.Sqrt(Pairs):F3}");
            Print(output, $"  {"similarity",-28}{string.Concat(Similarities.Select(s => Invariant($"{s,8:F2}")))}   noise of the estimate at 0.7");
            Print(output, $"  {"exact curve",-28}{string.Concat(Similarities.Select(s => Invariant($"{Curve(Rounded(s, union)),8:F3}")))}   {Math.Sqrt(0.21 / Rows):F4}");
            foreach ((string name, Func<ulong[], int, ulong[]> sign) in variants)
            {
                double[] rates = new double[Similarities.Length];
                double noise = 0;
                for (int i = 0; i < Similarities.Length; i++)
                {
                    (rates[i], double error) = Measure(sign, Similarities[i], union);
                    noise = Similarities[i] == 0.7 ? error : noise;
                }

                Print(output, $"  {name,-28}{string.Concat(rates.Select(rate => Invariant($"{rate,8:F3}")))}   {noise:F4}");
            }
        }
    }

    private static (double Rate, double Noise) Measure(Func<ulong[], int, ulong[]> sign, double similarity, int union)
    {
        Random random = new((int)(1000 * similarity) + union);
        int caught = 0;
        double squares = 0;
        for (int pair = 0; pair < Pairs; pair++)
        {
            ulong[] all = [.. Enumerable.Range(0, union).Select(_ => (ulong)random.NextInt64() * 2 + (ulong)random.Next(2))];
            int shared = (int)Math.Round(union * similarity);
            int middle = shared + ((union - shared) / 2);
            ulong[] left = sign(all[..middle], pair % Seeds);
            ulong[] right = sign([.. all[..shared], .. all[middle..]], pair % Seeds);
            caught += Enumerable.Range(0, Rows / 8).Any(band => left.AsSpan(8 * band, 8).SequenceEqual(right.AsSpan(8 * band, 8))) ? 1 : 0;
            double error = (left.Zip(right).Count(rows => rows.First == rows.Second) / (double)Rows) - (shared / (double)union);
            squares += error * error;
        }

        return (caught / (double)Pairs, Math.Sqrt(squares / Pairs));
    }

    private static double Rounded(double similarity, int union) => Math.Round(union * similarity) / union;

    private static double Curve(double similarity) => 1 - Math.Pow(1 - Math.Pow(similarity, 8), 14);

    private static ulong[] Classic(ulong[] shingles, int seed)
    {
        Random random = new(seed);
        ulong[] rows = new ulong[Rows];
        for (int row = 0; row < Rows; row++)
        {
            UInt128 a = (UInt128)random.NextInt64(1, (long)Prime);
            UInt128 b = (UInt128)random.NextInt64(0, (long)Prime);
            rows[row] = shingles.Min(shingle => (ulong)(((a * (shingle % Prime)) + b) % Prime));
        }

        return rows;
    }

    private static ulong[] Uncut(ulong[] shingles, MinHasher hasher) => [.. Enumerable.Range(0, Rows).Select(row =>
    {
        (uint mask, uint multiplier, _) = hasher.Row(row);
        return (ulong)shingles.Min(shingle => ((uint)(row % 2 == 0 ? shingle : shingle >> 32) ^ mask) * multiplier);
    })];

    private static ulong[] Product(ulong[] shingles, MinHasher hasher)
    {
        byte[] rows = new byte[Rows];
        hasher.SignShingles(shingles, rows);
        return [.. rows.Select(row => (ulong)row)];
    }

    // Shrivastava, "Optimal Densification for Fast and Accurate Minwise Hashing" (2017): one hash per shingle chooses a row and competes
    // there; a row without shingles takes the value of a row that a hash of its number and of the attempt names.
    private static ulong[] OnePermutation(ulong[] shingles, int seed)
    {
        ulong[] rows = new ulong[Rows];
        Array.Fill(rows, ulong.MaxValue);
        foreach (ulong shingle in shingles)
        {
            ulong hash = Shingler.Mix(shingle + (ulong)seed);
            int row = (int)(Math.BigMul(hash, Rows, out ulong value));
            rows[row] = Math.Min(rows[row], value);
        }

        ulong[] dense = [.. rows];
        for (int row = 0; row < Rows; row++)
        {
            for (ulong attempt = 1; dense[row] == ulong.MaxValue; attempt++)
            {
                dense[row] = rows[Shingler.Mix(((ulong)row << 32) + attempt + ((ulong)seed << 48)) % Rows];
            }
        }

        return dense;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Print(TextWriter output, FormattableString line) => output.WriteLine(Invariant(line));
}
