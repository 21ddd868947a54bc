using System.Security.Cryptography;
using System.Text;

namespace OpenLedger.Datanets.Privacy;

/// <summary><see cref="PersonalDataOperator.Hash"/>.</summary>
internal sealed class HashOperator : PersonalDataOperator
{
    private const int MinKey = 16;
    private const int MinDigits = 8;
    private const int MaxDigits = 64;

    private readonly byte[] _key;
    private readonly int _hexDigits;

    public HashOperator(ReadOnlySpan<byte> key, int hexDigits)
    {
        if (key.Length < MinKey)
        {
            throw new ArgumentException($"The key has {key.Length} bytes; use at least {MinKey} random ones.", nameof(key));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(hexDigits, MinDigits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hexDigits, MaxDigits);
        _key = key.ToArray();
        _hexDigits = hexDigits;
    }

    public override string Apply(PersonalDataSpan span, string value, int ordinal)
    {
        // No entity name holds NUL, so entity and value cannot be confused.
        byte[] digest = HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{span.Entity.Name}\0{value}"));
        return $"[{span.Entity.Name}:{Convert.ToHexStringLower(digest)[.._hexDigits]}]";
    }
}
