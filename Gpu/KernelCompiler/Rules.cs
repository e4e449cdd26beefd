using Microsoft.CodeAnalysis;

namespace NativeFree.KernelCompiler;

/// <summary>What a kernel may not do, each with a number, the reason and the remedy. docs/diagnostics.md has a paragraph on every one.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor Construct = Rule(1001, "Construct outside the dialect", "{0} is not part of the kernel dialect; {1}");
    public static readonly DiagnosticDescriptor Declaration = Rule(1002, "Kernel declaration", "Kernel {0}: {1}");
    public static readonly DiagnosticDescriptor ByReference = Rule(1003, "Kernel parameter by reference", "Kernel parameter {0} is passed by reference, which devices cannot do; pass it by value");
    public static readonly DiagnosticDescriptor NotBlittable = Rule(1004, "Type has no device layout", "{0}: {1} has no layout that host and device share; {2}");
    public static readonly DiagnosticDescriptor Throw = Rule(1005, "Throw in a kernel", "A kernel cannot throw; check the arguments in the method that launches it");
    public static readonly DiagnosticDescriptor Try = Rule(1006, "Exception handling in a kernel", "A kernel cannot handle exceptions or dispose; remove the statement");
    public static readonly DiagnosticDescriptor Class = Rule(1007, "Object in a kernel", "A kernel has no heap: {0} is a reference type; use a struct, or SharedMemory and LocalMemory for arrays");
    public static readonly DiagnosticDescriptor Lambda = Rule(1008, "Delegate in a kernel", "A kernel cannot hold or call a delegate; pass the operation as a type argument with a static abstract member");
    public static readonly DiagnosticDescriptor Pointer = Rule(1009, "Pointer, span or stackalloc in a kernel", "A kernel has no pointers, spans or stackalloc; use ArrayView, and LocalMemory.Allocate for a local array");
    public static readonly DiagnosticDescriptor Reflection = Rule(1010, "Type test in a kernel", "A kernel cannot ask for a type; give the operation a static abstract member that answers");
    public static readonly DiagnosticDescriptor Static = Rule(1011, "Static field in a kernel", "A kernel cannot read or write the static field {0}; make it a const or pass it as an argument");
    public static readonly DiagnosticDescriptor Divergence = Rule(1012, "Barrier in non-uniform control flow", "All work-items of a group must reach this barrier, but {0}; move it out, or make the condition the same for the whole group");
    public static readonly DiagnosticDescriptor ArraySize = Rule(1013, "Array size", "The length of {0} must be a positive constant; {1}");
    public static readonly DiagnosticDescriptor FusedMultiplyAdd = Rule(1014, "FusedMultiplyAdd in a kernel", "FusedMultiplyAdd is not there on every device; write a * b + c, which device compilers fuse");
    public static readonly DiagnosticDescriptor ArrayPlace = Rule(1015, "Array declaration", "{0} must initialise a local variable{1}");
    public static readonly DiagnosticDescriptor Recursion = Rule(1016, "Recursion in a kernel", "{0} calls itself, which devices cannot do; write a loop");
    public static readonly DiagnosticDescriptor Unknown = Rule(1017, "Method unknown to the kernel compiler", "{0} has no device counterpart and no source in this project; {1}");
    public static readonly DiagnosticDescriptor NotPortable = Rule(1018, "Result differs between devices", "{0} {1}; {2}");
    public static readonly DiagnosticDescriptor Atomic = Rule(1019, "Atomic operation", "An atomic operation changes an element of a global or shared view; write Atomic.{0}(ref view[index], …)");
    public static readonly DiagnosticDescriptor Space = Rule(1020, "Memory spaces", "{0}; {1}");
    public static readonly DiagnosticDescriptor Generic = Rule(1021, "Generic kernel", "Kernel {0} has {1} type parameters; name type arguments that satisfy their constraints with [Specialize(typeof(…))]");
    public static readonly DiagnosticDescriptor DefaultMember = Rule(1022, "Default interface member", "{0} is implemented by the interface itself, which ILGPU rejects; implement it in {1}");
    public static readonly DiagnosticDescriptor Loop = Rule(1023, "Unrolled loop", "Unroll.From needs a for loop with constant start, bound and step over an int; {0}");
    public static readonly DiagnosticDescriptor GroupSize = Rule(1024, "Group size", "A group has 1 to 1024 work-items; {0}");
    public static readonly DiagnosticDescriptor SharedSize = Rule(1025, "Shared memory", "A group may have {0} bytes of shared memory on every device; this kernel asks for {1}; use smaller tiles");
    public static readonly DiagnosticDescriptor IntegerChoice = Rule(1026, "Choice of integers as a float", "ILGPU gives wrong values where a choice between integers becomes a floating-point number; choose between {0}");

    private static DiagnosticDescriptor Rule(int number, string title, string message) =>
        new($"NF{number}", title, message, "NativeFree.Kernels", DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: $"docs/diagnostics.md#nf{number}");
}
