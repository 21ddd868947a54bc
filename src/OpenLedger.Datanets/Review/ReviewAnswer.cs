using System.Text.Json.Nodes;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Review;

/// <summary>A judgement about one record. Immutable; safe for concurrent use.</summary>
public sealed record ReviewAnswer
{
    /// <summary>Longest note in UTF-16 code units.</summary>
    public const int MaxNoteLength = 500;

    private ReviewAnswer(ReviewDecision decision, RecordDigest? replacement, ReviewReason? reason, string note)
    {
        Decision = decision;
        Replacement = replacement;
        Reason = reason;
        Note = note;
    }

    /// <summary>What becomes of the record.</summary>
    public ReviewDecision Decision { get; }

    /// <summary>The corrected record; set when the decision is <see cref="ReviewDecision.Fix"/> only.</summary>
    public RecordDigest? Replacement { get; }

    /// <summary>Why the record is rejected; set when the decision is <see cref="ReviewDecision.Reject"/> only.</summary>
    public ReviewReason? Reason { get; }

    /// <summary>A remark for people, one line; empty for none.</summary>
    public string Note { get; }

    /// <summary>The record is good as it is.</summary>
    public static ReviewAnswer Accept { get; } = new(ReviewDecision.Accept, null, null, "");

    /// <summary>The record is good after a correction.</summary>
    /// <param name="replacement">The corrected record by digest.</param>
    /// <param name="note">What was corrected: see <see cref="Reject"/>.</param>
    /// <exception cref="ArgumentException">The note is not legal.</exception>
    public static ReviewAnswer Fix(RecordDigest replacement, string note = "") =>
        new(ReviewDecision.Fix, replacement, null, CheckNote(note));

    /// <summary>The record is not taken.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="note">
    /// At most <see cref="MaxNoteLength"/> characters without control characters. It is kept for ever: no part of the record, no person.
    /// </param>
    /// <exception cref="ArgumentException">The reason is unknown, or the note is not legal.</exception>
    public static ReviewAnswer Reject(ReviewReason reason, string note = "") => Enum.IsDefined(reason)
        ? new(ReviewDecision.Reject, null, reason, CheckNote(note))
        : throw new ArgumentOutOfRangeException(nameof(reason), reason, "The reason is unknown; use a member of ReviewReason.");

    /// <summary>Whether two answers ask for the same: reasons and notes may differ, replacements may not.</summary>
    /// <param name="other">The other answer.</param>
    public bool Agrees(ReviewAnswer other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Decision == other.Decision && Replacement == other.Replacement;
    }

    internal static string CheckNote(string note)
    {
        ArgumentNullException.ThrowIfNull(note);
        if (note.Length > MaxNoteLength)
        {
            throw new ArgumentException($"The note has {note.Length} characters; at most {MaxNoteLength} are allowed.", nameof(note));
        }

        int index = note.AsSpan().IndexOfAnyInRange('\0', '\u001F');
        return index < 0
            ? note
            : throw new ArgumentException($"The note holds the control character U+{(int)note[index]:X4} at {index}; write one line of text.", nameof(note));
    }

    internal JsonObject ToJson()
    {
        JsonObject json = new() { ["decision"] = EventName<ReviewDecision>.Of(Decision) };
        if (Replacement is RecordDigest replacement)
        {
            json["replacement"] = replacement.ToString();
        }

        if (Reason is ReviewReason reason)
        {
            json["reason"] = EventName<ReviewReason>.Of(reason);
        }

        if (Note.Length > 0)
        {
            json["note"] = Note;
        }

        return json;
    }

    internal static ReviewAnswer Read(EventBody body)
    {
        ReviewDecision decision = body.Name<ReviewDecision>("decision");
        string note = body.OptionalText("note") ?? "";
        return decision switch
        {
            ReviewDecision.Fix => new(decision, body.Record("replacement"), null, note),
            ReviewDecision.Reject => new(decision, null, body.Name<ReviewReason>("reason"), note),
            _ => new(decision, null, null, note),
        };
    }
}
