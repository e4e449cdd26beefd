using NativeFree.KernelCompiler.Ir;

namespace NativeFree.KernelCompiler.Writing;

/// <summary>
/// Whether a barrier must make global memory visible too: only if the kernel can write global memory before one. A fence of shared memory alone lets loads from global memory stay
/// in flight across it.
/// </summary>
internal static class GlobalFence
{
    public static bool IsNeeded(IrKernel kernel) => kernel.Entry.HasBarrier && WritesBefore(kernel.Entry.Body!);

    // A write counts when a barrier follows it in the source, or when both are in one loop.
    private static bool WritesBefore(IrBlock body)
    {
        bool written = false;
        foreach (IrStatement statement in body.Statements)
        {
            if (statement.HasBarrier)
            {
                if (written || IrWalk.Statements(statement).Any(Writes))
                    return true;
            }
            else if (IrWalk.Statements(statement).Any(Writes))
            {
                written = true;
            }
        }
        return false;
    }

    private static bool Writes(IrStatement statement) => IrWalk.Expressions(statement).Any(static expression => expression switch
    {
        IrAssign { Target: var target } => IsGlobal(target),
        IrStep { Target: var target } => IsGlobal(target),
        IrAtomic atomic => IsGlobal(atomic.Target),
        IrCall call => IrWalk.Statements(call.Function.Body!).Any(Writes),
        _ => false,
    });

    private static bool IsGlobal(IrExpression target) => target switch
    {
        IrElement element => ((ViewType)element.View.Type).Space == Space.Global,
        IrFieldOf field => IsGlobal(field.Instance),
        _ => false,
    };
}

/// <summary>Whether a function computes in double, which OpenCL 1.2 has as an extension.</summary>
internal static class UsesDouble
{
    public static bool In(IrFunction function) =>
        function.Parameters.Any(static parameter => parameter.Type.Cl == "double")
        || IrWalk.Statements(function.Body!).Any(static statement => statement is IrDeclare { Variable.Type.Cl: "double" } || IrWalk.Expressions(statement).Any(static expression => expression.Type.Cl == "double"));
}
