using System.Buffers;
using System.Text;

namespace OpenLedger.Datanets.Deduplication;

/// <summary>Text that is written with each run of white space as one space and none at the ends.</summary>
internal sealed class CollapsedText(int capacity) : IDisposable
{
    private char[] _text = ArrayPool<char>.Shared.Rent(capacity + 3);
    private int _length;
    private bool _spaceIsDue;

    /// <summary>The text so far; until the next change.</summary>
    public ReadOnlySpan<char> Written => _text.AsSpan(0, _length);

    /// <summary>Adds a character by its scalar value.</summary>
    public void Append(int scalar)
    {
        if (scalar <= char.MaxValue && char.IsWhiteSpace((char)scalar))
        {
            _spaceIsDue = _length > 0;
            return;
        }

        if (_length + 3 > _text.Length)
        {
            char[] larger = ArrayPool<char>.Shared.Rent(checked(2 * _text.Length));
            Written.CopyTo(larger);
            ArrayPool<char>.Shared.Return(_text);
            _text = larger;
        }

        if (_spaceIsDue)
        {
            _text[_length++] = ' ';
            _spaceIsDue = false;
        }

        if (scalar <= char.MaxValue)
        {
            _text[_length++] = (char)scalar;
        }
        else
        {
            _length += new Rune(scalar).EncodeToUtf16(_text.AsSpan(_length));
        }
    }

    public void Dispose()
    {
        ArrayPool<char>.Shared.Return(_text);
        _text = [];
        _length = 0;
    }
}
