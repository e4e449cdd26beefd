using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Tests.Reference;

namespace NativeFree.Tests;

/// <summary>
/// Holds an operator against its double-precision twin: the result; the gradient against central differences of the twin along random unit directions over all inputs at once (one number, two evaluations; directions on which the twin has a kink
/// nearby are drawn again) and element by element where there are few; and what every operator promises: inputs unmodified, no dependence on what memory held before, nothing written outside the tensors, the same bits again, for any thread
/// count, and for each input alone as for all.
/// </summary>
internal sealed class GradientCheck
{
    // A float32 operator against a double twin: errors grow with the root of the summed terms; the largest cases here sum some hundred.
    private const double ForwardTolerance = 5e-6;
    private const double GradientTolerance = 2e-5;

    // Gradients that cancel to 0 keep a rounding of the gradient that arrived.
    private const double Rounding = 1e-7;
    private const int ElementwiseLimit = 40;

    private static readonly GuardedPool Guard = new();
    private static readonly CpuDevice One = new(1, Guard);
    private static readonly CpuDevice Three = new(3, Guard);

    private readonly Func<Variable[], Variable> run;
    private readonly Func<Real[], Real> twin;
    private readonly Real[] inputs;
    private readonly Random random;

    private GradientCheck(Func<Variable[], Variable> run, Func<Real[], Real> twin, Real[] inputs, int seed)
    {
        this.run = run;
        this.twin = twin;
        this.inputs = inputs;
        random = new Random(seed);
    }

    /// <summary>Runs the whole check. Inputs are rounded to float32 first.</summary>
    internal static void Run(int seed, Func<Variable[], Variable> run, Func<Real[], Real> twin, params Real[] inputs) =>
        new GradientCheck(run, twin, [.. inputs.Select(input => input.Map(value => (float)value))], seed).Run();

    /// <summary>Normal random numbers, rounded to float32.</summary>
    internal static Real Normal(int seed, params int[] shape)
    {
        var random = new Random(seed);
        return new Real(shape).Map(_ => (float)Gaussian(random));
    }

    private void Run()
    {
        RunAndCompare();
        Guard.Check();
    }

    private void RunAndCompare()
    {
        Real expected = twin(inputs);
        double[] upstream = [.. expected.Values.Select(_ => (double)(float)Gaussian(random))];
        (float[] y, float[][] g) = Evaluate(Three, upstream, null);
        Compare("result", expected.Values, y, ForwardTolerance);
        (float[] yAgain, float[][] gAgain) = Evaluate(One, upstream, null);
        Assert.Equal(y.Select(Bits), yAgain.Select(Bits));
        for (int i = 0; i < inputs.Length; i++)
            Assert.Equal(g[i].Select(Bits), gAgain[i].Select(Bits));
        for (int i = 0; i < inputs.Length && inputs.Length > 1; i++)
            Assert.Equal(g[i].Select(Bits), Evaluate(One, upstream, i).Gradients[i].Select(Bits));
        CheckDirections(upstream, g);
        CheckElements(upstream, g);
    }

    private (float[] Result, float[][] Gradients) Evaluate(CpuDevice device, double[] upstream, int? only)
    {
        using var tape = new Tape();
        Variable[] variables = [.. inputs.Select((input, i) => new Variable(
            Tensor.From(device, new Shape(input.Shape), [.. input.Values.Select(value => (float)value)]), only is null || only == i))];
        Variable y = run(variables);
        Assert.Equal(upstream.Length, y.Value.Count);
        float[] result = y.Value.ToArray();
        tape.Backward(y, Tensor.From(device, y.Shape, [.. upstream.Select(value => (float)value)]));
        for (int i = 0; i < inputs.Length; i++)
        {
            Assert.Equal(inputs[i].Values.Select(value => Bits((float)value)), variables[i].Value.ToArray().Select(Bits));
            if (only is not null && only != i)
                Assert.Null(variables[i].Gradient);
        }
        return (result, [.. variables.Select(variable => variable.Gradient?.ToArray() ?? [])]);
    }

    private void CheckDirections(double[] upstream, float[][] g)
    {
        double norm = Math.Sqrt(g.Sum(gradient => gradient.Sum(value => (double)value * value)));
        for (int round = 0; round < 3; round++)
        {
            for (int attempt = 0; ; attempt++)
            {
                double[][] direction = UnitDirection();
                double analytic = g.Select((gradient, i) => gradient.Select((value, j) => value * direction[i][j]).Sum()).Sum();
                double wide = Slope(upstream, direction, 1e-5), near = Slope(upstream, direction, 2.5e-6);
                // A kink between the points shows as two slopes that disagree.
                if (!(Math.Abs(wide - near) <= 1e-6 * norm + 1e-9) && attempt < 20)
                    continue;
                double difference = Math.Abs(analytic - near);
                Assert.True(difference <= (GradientTolerance * norm) + (Rounding * Norm(upstream)), $"gradient along a random direction: expected {near:g9}, got {analytic:g9}, norm of the gradient {norm:g4}, round {round}, attempt {attempt}");
                break;
            }
        }
    }

    private void CheckElements(double[] upstream, float[][] g)
    {
        double norm = Math.Sqrt(g.Sum(gradient => gradient.Sum(value => (double)value * value)));
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Values.Length > ElementwiseLimit)
                continue;
            for (int j = 0; j < inputs[i].Values.Length; j++)
            {
                double[][] direction = [.. inputs.Select(input => new double[input.Values.Length])];
                direction[i][j] = 1;
                double wide = Slope(upstream, direction, 1e-5), near = Slope(upstream, direction, 2.5e-6);
                if (!(Math.Abs(wide - near) <= 1e-6 * norm + 1e-9))
                    continue;
                Assert.True(Math.Abs(g[i][j] - near) <= (GradientTolerance * norm) + (Rounding * Norm(upstream)), $"gradient of element {j} of input {i}: expected {near:g9}, got {g[i][j]:g9}");
            }
        }
    }

    private double Slope(double[] upstream, double[][] direction, double step)
    {
        double[] above = twin(Moved(direction, step)).Values, below = twin(Moved(direction, -step)).Values;
        double sum = 0;
        for (int i = 0; i < upstream.Length; i++)
            sum += upstream[i] * (above[i] - below[i]);
        return sum / (2 * step);
    }

    private Real[] Moved(double[][] direction, double step) => [.. inputs.Select((input, i) => new Real(input.Shape, [.. input.Values.Select((value, j) => value + (step * direction[i][j]))]))];

    /// <summary>A random unit vector over all inputs without small entries, so that no coordinate hides.</summary>
    private double[][] UnitDirection()
    {
        double[][] direction = [.. inputs.Select(input => input.Values.Select(_ => Gaussian(random)).Select(value => value + (Math.Sign(value) * 0.1)).ToArray())];
        double norm = Math.Sqrt(direction.Sum(part => part.Sum(value => value * value)));
        return [.. direction.Select(part => part.Select(value => value / norm).ToArray())];
    }

    internal static void Compare(string what, double[] expected, float[] arrived, double tolerance)
    {
        Assert.Equal(expected.Length, arrived.Length);
        // Results that are all 0 by cancellation (the logarithm of a sure answer) are held against values of order 0.1.
        double largest = Math.Max(0.1, expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());
        for (int i = 0; i < expected.Length; i++)
        {
            bool equal = expected[i] == arrived[i] || Math.Abs(expected[i] - arrived[i]) <= tolerance * largest;
            Assert.True(equal, $"{what}[{i}]: expected {expected[i]:g9}, got {arrived[i]:g9}, largest {largest:g4}");
        }
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));

    internal static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    private static double Gaussian(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
