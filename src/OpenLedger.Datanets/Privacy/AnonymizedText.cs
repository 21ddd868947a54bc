namespace OpenLedger.Datanets.Privacy;

/// <summary>A text after its personal data was changed, with the way back from its offsets.</summary>
/// <remarks>Immutable. Holds no value that was taken out.</remarks>
public sealed class AnonymizedText
{
    internal AnonymizedText(string text, IReadOnlyList<TextEdit> edits)
    {
        Text = text;
        Edits = edits;
    }

    /// <summary>The new text.</summary>
    public string Text { get; }

    /// <summary>What was changed, ordered by position.</summary>
    public IReadOnlyList<TextEdit> Edits { get; }

    /// <summary>Where an offset of the original text is in the new one; inside a changed value, its beginning.</summary>
    /// <param name="sourceOffset">UTF-16 offset in the original text, from 0; its length maps to the length of the new text.</param>
    /// <exception cref="ArgumentOutOfRangeException">The offset is negative or behind the end.</exception>
    public int ToTargetOffset(int sourceOffset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sourceOffset);
        int shift = 0;
        foreach (TextEdit edit in Edits)
        {
            int start = edit.Span.Start;
            if (sourceOffset < start)
            {
                break;
            }

            if (sourceOffset < edit.Span.End)
            {
                return edit.TargetStart;
            }

            shift = edit.TargetStart + edit.TargetLength - edit.Span.End;
        }

        int target = sourceOffset + shift;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(target, Text.Length, nameof(sourceOffset));
        return target;
    }

    /// <summary>Where an offset of the new text was in the original one; inside a changed value, its beginning.</summary>
    /// <param name="targetOffset">UTF-16 offset in <see cref="Text"/>, from 0 to its length.</param>
    /// <exception cref="ArgumentOutOfRangeException">The offset is outside the text.</exception>
    public int ToSourceOffset(int targetOffset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(targetOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(targetOffset, Text.Length);
        int shift = 0;
        foreach (TextEdit edit in Edits)
        {
            if (targetOffset < edit.TargetStart)
            {
                break;
            }

            if (targetOffset < edit.TargetStart + edit.TargetLength)
            {
                return edit.Span.Start;
            }

            shift = edit.Span.End - edit.TargetStart - edit.TargetLength;
        }

        return targetOffset + shift;
    }
}
