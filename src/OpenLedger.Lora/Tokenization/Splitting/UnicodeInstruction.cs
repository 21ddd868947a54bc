namespace OpenLedger.Lora.Tokenization.Splitting;

/// <summary>What one step of a compiled expression does.</summary>
internal enum UnicodeOperation
{
    /// <summary>Ends the expression, or the enclosed part, with success.</summary>
    Accept,

    /// <summary>Takes one character of a set.</summary>
    Take,

    /// <summary>Goes on elsewhere.</summary>
    Jump,

    /// <summary>Tries one way, then the other.</summary>
    Fork,

    /// <summary>Goes on if the enclosed part matches here, without taking it.</summary>
    Ahead,

    /// <summary>Goes on if the enclosed part does not match here.</summary>
    NotAhead,

    /// <summary>Takes the first match of the enclosed part and never tries another.</summary>
    Atomic,
}

/// <summary>One step; targets are relative to the step itself. An enclosed part begins at the next step and ends before <see cref="First"/>.</summary>
internal readonly record struct UnicodeInstruction(UnicodeOperation Operation, int First = 0, int Second = 0, CharacterSet? Set = null);
