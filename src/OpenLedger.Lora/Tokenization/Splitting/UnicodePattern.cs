using System.Text;

namespace OpenLedger.Lora.Tokenization.Splitting;

/// <summary>
/// A regular expression over whole characters: <see cref="System.Text.RegularExpressions.Regex"/> sees UTF-16 units, so its
/// <c>\p{L}</c> misses every letter above U+FFFF. Of several ways to match, the first counts, as in Perl and Oniguruma.
/// </summary>
/// <remarks>
/// Backtracking remembers dead ends once an attempt becomes long, so an attempt takes at most (length of the expression) × (length of
/// the text) steps, also for an expression made to explode.
/// </remarks>
internal sealed class UnicodePattern : IMatchPattern
{
    private const int NoMatch = -1;
    private const int StepsBeforeRemembering = 4096;

    private readonly UnicodeInstruction[] _program;

    private UnicodePattern(UnicodeInstruction[] program) => _program = program;

    /// <summary>Compiles an expression.</summary>
    /// <exception cref="FormatException">It uses a construct that is not implemented; the message names it.</exception>
    public static UnicodePattern Parse(string source) => new(UnicodePatternParser.Compile(source));

    public bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        for (start = from; start < text.Length; start += char.IsHighSurrogate(text[start]) ? 2 : 1)
        {
            end = Match(text, 0, start);
            if (end > start)
            {
                return true;
            }
        }

        end = start;
        return false;
    }

    private int Match(ReadOnlySpan<char> text, int entry, int start)
    {
        var pending = new Stack<(int Step, int At)>();
        HashSet<long>? dead = null;
        int steps = 0;
        (int step, int at) = (entry, start);
        while (true)
        {
            UnicodeInstruction instruction = _program[step];
            bool goesOn = true;
            switch (instruction.Operation)
            {
                case UnicodeOperation.Accept:
                    return at;
                case UnicodeOperation.Take:
                    goesOn = at < text.Length && instruction.Set!.Contains(Scalar(text, at, out int length)) && (at += length) > 0;
                    step++;
                    break;
                case UnicodeOperation.Jump:
                    step += instruction.First;
                    break;
                case UnicodeOperation.Fork:
                    steps++;
                    dead ??= steps > StepsBeforeRemembering ? [] : null;
                    if (dead is not null && !dead.Add(((long)step << 32) | (uint)at))
                    {
                        goesOn = false;
                        break;
                    }

                    pending.Push((step + instruction.Second, at));
                    step += instruction.First;
                    break;
                default:
                    int end = Match(text, step + 1, at);
                    goesOn = (end == NoMatch) == (instruction.Operation == UnicodeOperation.NotAhead);
                    at = instruction.Operation == UnicodeOperation.Atomic && goesOn ? end : at;
                    step += instruction.First;
                    break;
            }

            if (!goesOn)
            {
                if (!pending.TryPop(out (int Step, int At) other))
                {
                    return NoMatch;
                }

                (step, at) = other;
            }
        }
    }

    private static int Scalar(ReadOnlySpan<char> text, int at, out int length)
    {
        if (!char.IsSurrogate(text[at]))
        {
            length = 1;
            return text[at];
        }

        _ = Rune.DecodeFromUtf16(text[at..], out Rune rune, out length);
        return rune.Value;
    }
}
