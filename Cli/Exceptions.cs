namespace NativeFree.Cli;

/// <summary>An input that cannot be worked with; the message is the one line to print.</summary>
internal sealed class InputException(string message) : Exception(message);

/// <summary>Options that are legal one by one and do not go together; the message is the one line to print.</summary>
internal sealed class UsageException(string message) : Exception(message);
