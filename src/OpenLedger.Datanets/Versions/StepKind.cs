namespace OpenLedger.Datanets.Versions;

/// <summary>What a step of a datanet's log does. The numbers are part of the leaf format.</summary>
public enum StepKind
{
    /// <summary>Accepts a record into the datanet, on one branch.</summary>
    Add = 1,

    /// <summary>Makes a record that was added elsewhere, or left, part of a branch.</summary>
    Include = 2,

    /// <summary>Takes a record off a branch; it stays on others and in older versions.</summary>
    Remove = 3,

    /// <summary>Destroys the payload of a record, on every branch and in every version.</summary>
    Erase = 4,

    /// <summary>Starts a branch, or starts it again, with the content that a branch had at some length of the log.</summary>
    Fork = 5,
}
