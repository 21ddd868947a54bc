using System.Globalization;
using System.Text;

namespace OpenLedger.Lora.Tokenization.Splitting;

/// <summary>A set of whole characters, as a class of a regular expression describes it. Read-only once <see cref="Seal"/> ran.</summary>
internal sealed class CharacterSet
{
    private const int AsciiEnd = 128;

    private readonly List<(int First, int Last)> _ranges = [];
    private readonly List<CharacterSet> _nested = [];
    private readonly bool[] _ascii = new bool[AsciiEnd];
    private uint _categories;
    private bool _hasWhiteSpace;

    public bool IsNegated { get; set; }

    public bool IgnoresCase { get; set; }

    public void Add(int first, int last) => _ranges.Add((first, last));

    public void Add(CharacterSet nested) => _nested.Add(nested);

    public void AddWhiteSpace() => _hasWhiteSpace = true;

    /// <summary>Adds what <c>\w</c> means: letters, marks, decimal digits, connectors and other alphabetic characters.</summary>
    public void AddWordCharacters()
    {
        _ = TryAddProperty("L") && TryAddProperty("M") && TryAddProperty("Nd") && TryAddProperty("Nl") && TryAddProperty("Pc");
        Add(0x24B6, 0x24E9);
        Add(0x1F130, 0x1F149);
        Add(0x1F150, 0x1F169);
        Add(0x1F170, 0x1F189);
    }

    /// <summary>Adds a general category such as <c>Lu</c>, or all that begin with one letter; false for any other property.</summary>
    public bool TryAddProperty(string name)
    {
        // In the order of the enumeration of the runtime, which follows the first letters of the Unicode names.
        ReadOnlySpan<string> names =
        [
            "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe",
            "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
        ];
        uint found = 0;
        for (int i = 0; i < names.Length; i++)
        {
            found |= names[i] == name || (name.Length == 1 && names[i][0] == name[0]) ? 1u << i : 0;
        }

        _categories |= found;
        return found != 0;
    }

    /// <summary>Ends the construction.</summary>
    public CharacterSet Seal()
    {
        for (int character = 0; character < AsciiEnd; character++)
        {
            _ascii[character] = Compute(character);
        }

        return this;
    }

    public bool Contains(int scalar) => scalar < AsciiEnd ? _ascii[scalar] : Compute(scalar);

    private bool Compute(int scalar) => IsNegated != (Holds(scalar) || (IgnoresCase && HoldsInAnotherCase(scalar)));

    private bool Holds(int scalar)
    {
        foreach ((int first, int last) in _ranges)
        {
            if (scalar >= first && scalar <= last)
            {
                return true;
            }
        }

        foreach (CharacterSet nested in _nested)
        {
            if (nested.Contains(scalar))
            {
                return true;
            }
        }

        return (_categories != 0 && (_categories & (1u << (int)CharUnicodeInfo.GetUnicodeCategory(scalar))) != 0)
            || (_hasWhiteSpace && scalar <= char.MaxValue && char.IsWhiteSpace((char)scalar));
    }

    private bool HoldsInAnotherCase(int scalar)
    {
        // The long s and the Kelvin sign fold to ASCII letters, although no simple lower case of theirs says so.
        var rune = new Rune(scalar);
        return Holds(Rune.ToLowerInvariant(rune).Value)
            || Holds(Rune.ToUpperInvariant(rune).Value)
            || (scalar is 's' or 'S' && Holds(0x17F))
            || (scalar == 0x17F && (Holds('s') || Holds('S')))
            || (scalar is 'k' or 'K' && Holds(0x212A))
            || (scalar == 0x212A && (Holds('k') || Holds('K')));
    }
}
