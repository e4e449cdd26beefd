namespace System.Runtime.CompilerServices;

/// <summary>What the C# compiler wants for records and <c>init</c>; netstandard2.0 lacks it.</summary>
internal static class IsExternalInit;
