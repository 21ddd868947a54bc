namespace OpenLedger.Datanets.Privacy;

/// <summary>What becomes of a value that was found.</summary>
/// <remarks>The built-in operators are immutable and safe for concurrent use; yours are called by many threads at once.</remarks>
public abstract class PersonalDataOperator
{
    /// <summary>Writes the entity's name instead: <c>[EMAIL]</c>.</summary>
    public static PersonalDataOperator Redact { get; } = new RedactOperator();

    /// <summary>
    /// Writes a value of the same kind that is nobody's: <c>person1@example.com</c>, <c>192.0.2.1</c> (RFC 5737), <c>202-555-0101</c>; for
    /// other kinds the entity's name with a number. Equal values of one text or record become equal replacements.
    /// </summary>
    public static PersonalDataOperator Replace { get; } = new ReplaceOperator();

    /// <summary>Leaves the value as it is, for example to report an entity without touching it.</summary>
    public static PersonalDataOperator Keep { get; } = new KeepOperator();

    /// <summary>Covers letters and digits and keeps the rest of the form: <c>**** **** **** 1111</c>; of a secret, all but white space.</summary>
    /// <param name="keepLast">How many letters and digits stay at the end; at most half of them stay, and none of a secret. At least 0.</param>
    /// <param name="cover">The covering sign; neither a letter, a digit nor half a surrogate pair.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="keepLast"/> is negative.</exception>
    /// <exception cref="ArgumentException"><paramref name="cover"/> is a letter, a digit or a surrogate.</exception>
    public static PersonalDataOperator Mask(int keepLast = 4, char cover = '*') => new MaskOperator(keepLast, cover);

    /// <summary>
    /// Writes a keyed digest: <c>[EMAIL:5f0c…]</c>, HMAC-SHA256 over entity and value, so that equal values stay linkable.
    /// </summary>
    /// <param name="key">
    /// At least 16 bytes, kept secret. This is pseudonymisation, not anonymisation: whoever has the key can try all telephone numbers, and
    /// the data stays personal data in the sense of the GDPR until the key is destroyed.
    /// </param>
    /// <param name="hexDigits">Length of the digest in hexadecimal digits, 8 to 64; 16 keeps a billion values apart with high probability.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is too short.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="hexDigits"/> is outside its range.</exception>
    public static PersonalDataOperator Hash(ReadOnlySpan<byte> key, int hexDigits = 16) => new HashOperator(key, hexDigits);

    /// <summary>Returns what stands instead of a value.</summary>
    /// <param name="span">What was found.</param>
    /// <param name="value">The value.</param>
    /// <param name="ordinal">Which different value of this entity it is in the text or record, from 1.</param>
    public abstract string Apply(PersonalDataSpan span, string value, int ordinal);
}
