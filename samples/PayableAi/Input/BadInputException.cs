namespace PayableAi.Input;

/// <summary>Input that cannot be used: one line for the user, exit code 2.</summary>
internal sealed class BadInputException(string message, Exception? cause = null) : Exception(message, cause);
