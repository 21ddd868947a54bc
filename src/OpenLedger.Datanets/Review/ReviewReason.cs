namespace OpenLedger.Datanets.Review;

/// <summary>Why a record is rejected. Names are written into journals and never change.</summary>
public enum ReviewReason
{
    /// <summary>Does not fit the datanet's purpose.</summary>
    OffTopic = 1,

    /// <summary>States what is not so.</summary>
    Incorrect = 2,

    /// <summary>Too thin, unclear or careless to learn from.</summary>
    LowQuality = 3,

    /// <summary>Says what another record says already.</summary>
    Duplicate = 4,

    /// <summary>Names or describes people who did not agree.</summary>
    PersonalData = 5,

    /// <summary>The licence does not hold or does not fit.</summary>
    Licence = 6,

    /// <summary>Teaches a model to do harm.</summary>
    Harmful = 7,

    /// <summary>Cannot be read: broken encoding, wrong fields, cut off.</summary>
    Malformed = 8,

    /// <summary>Made to collect rewards, not to teach: abuse.</summary>
    Spam = 9,

    /// <summary>Something else; say what in the note.</summary>
    Other = 10,
}
