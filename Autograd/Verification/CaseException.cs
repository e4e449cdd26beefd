namespace NativeFree.Autograd;

/// <summary>Why a case cannot be run; it ends up in <see cref="CaseResult.Failure"/>.</summary>
internal sealed class CaseException(string message) : Exception(message);
