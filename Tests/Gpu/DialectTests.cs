using ILGPU;
using ILGPU.Runtime;

namespace NativeFree.Tests.Gpu;

/// <summary>Every part of the dialect gives on each target what the same C# gives on the host.</summary>
public sealed class DialectTests
{
    public static TheoryData<string> Targets => GpuTargets.All;

    private static float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(static i => ((i * 37 % 23) - 11) / 4f)];

    [Theory, MemberData(nameof(Targets))]
    public void Struct_arguments_arrive_whole(string target)
    {
        Sizes sizes = new(19, 1.5f, new Window(3, 9), 1L << 20, 0xFFFFFFFD);
        float[] x = Numbers(19);
        float[] y = GpuTargets.Run(target, 19, x, (stream, from, to) => DialectLaunch.StructArguments(stream, (3, 1, 1), from, to, sizes));
        Assert.Equal(x.Select((value, i) => (i is >= 3 and < 12 ? value * 1.5f : -value) + ((1 << 20) + i) + 5), y);
    }

    [Theory, MemberData(nameof(Targets))]
    public void Static_abstract_operators_are_specialised(string target)
    {
        float[] x = Numbers(16);
        float[] twice = GpuTargets.Run(target, 16, x, (stream, from, to) => DialectLaunch.StaticOperator<Twice>(stream, (2, 1, 1), from, to, 16));
        float[] negative = GpuTargets.Run(target, 16, x, (stream, from, to) => DialectLaunch.StaticOperator<Negative>(stream, (2, 1, 1), from, to, 16));
        int Mirror(int i) => (i / 8 * 8) + 7 - (i % 8);
        Assert.Equal(Enumerable.Range(0, 16).Select(i => x[Mirror(i)] * 4), twice);
        Assert.Equal(Enumerable.Range(0, 16).Select(i => -x[Mirror(i)] - x[Mirror(i)] - x[Mirror(i)]), negative);
    }

    [Fact]
    public void A_type_argument_that_was_not_named_is_refused()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() =>
            GpuTargets.Run(GpuTargets.Emulator, 1, [1], (stream, from, to) => DialectLaunch.StaticOperator<Thrice>(stream, (1, 1, 1), from, to, 1)));
        Assert.Equal("DialectKernels.StaticOperator: a kernel is compiled for the type arguments that its [Specialize] attributes name; Thrice arrived; add it there.", refused.Message);
    }

    [Theory, MemberData(nameof(Targets))]
    public void Operators_carry_their_fields(string target)
    {
        float[] x = Numbers(21);
        Affine op = new(3, 0.25f);
        float[] y = GpuTargets.Run(target, 21, x, (stream, from, to) => DialectLaunch.InstanceOperator(stream, (2, 1, 1), from, to, op, 21));
        Assert.Equal(x.Select(value => (value * 3) + 0.25f + 6.5f), y);
    }

    [Theory, MemberData(nameof(Targets))]
    public void Views_are_cut_and_read_as_vectors(string target)
    {
        float[] x = Numbers(20);
        float[] y = GpuTargets.Run(target, 24, x, (stream, from, to) =>
        {
            to.MemSetToZero(stream);
            DialectLaunch.Vectors(stream, (2, 1, 1), from, to, 5);
        });
        Assert.Equal(new float[4], y[..4]);
        for (int i = 0; i < 5; i++)
        {
            float[] a = x[(i * 4)..((i * 4) + 4)];
            Assert.Equal([a[0] + a.Sum(), a[1] + 1, a[2] + 2, a[3] + x[0]], y[(4 + (i * 4))..(8 + (i * 4))]);
        }
    }

    [Theory, MemberData(nameof(Targets))]
    public void A_helper_may_hold_barriers(string target)
    {
        const int rows = 5, columns = 19;
        float[] x = Numbers(rows * columns);
        float[] y = GpuTargets.Run(target, rows * 2, x, (stream, from, to) => DialectLaunch.BarrierHelper(stream, (2, 1, 1), from, to, rows, columns));
        for (int row = 0; row < rows; row++)
        {
            double[] values = [.. x.Skip(row * columns).Take(columns).Select(static value => (double)value)];
            double mean = values.Average();
            Assert.Equal(values.Sum(), y[row * 2], 1e-4);
            Assert.Equal(values.Sum(value => (value - mean) * (value - mean)), y[(row * 2) + 1], 1e-4);
        }
    }

    [Theory, MemberData(nameof(Targets))]
    public void Barriers_stand_in_loops_with_break_and_continue(string target)
    {
        foreach ((int rounds, int stop) in new[] { (1, 9), (4, 9), (5, 3), (6, 2) })
        {
            float[] x = Numbers(12);
            float[] y = GpuTargets.Run(target, 12, x, (stream, from, to) => DialectLaunch.Loops(stream, (1, 1, 1), from, to, rounds, stop));
            float[] ring = [.. x];
            int round = 0;
            do
            {
                ring = [.. Enumerable.Range(0, 12).Select(i => ring[(i + 1) % 12] + 1)];
                round++;
                if (round == 2)
                    continue;
                if (round == stop)
                    break;
            }
            while (round < rounds);
            for (int turn = 1; turn < rounds; turn += 2)
                ring = [.. Enumerable.Range(0, 12).Select(i => ring[11 - i])];
            Assert.Equal(Enumerable.Range(0, 12).Select(i => ring[i] + (i % 2) + (10 * (i / 2 % 3)) + (100 * (i / 6))), y);
        }
    }

    [Theory, MemberData(nameof(Targets))]
    public void Integers_wrap_shift_and_switch(string target)
    {
        int[] x = [0, 1, -1, 77, -12345, int.MaxValue, int.MinValue + 9, 1 << 30];
        using Accelerator accelerator = GpuTargets.Open(target);
        using var from = accelerator.Allocate1D(x);
        using var to = accelerator.Allocate1D<int>(8);
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            DialectLaunch.Integers(accelerator.DefaultStream, (1, 1, 1), from.View, to.View, mode);
            int[] y = new int[8];
            to.View.CopyToCPU(accelerator.DefaultStream, y);
            Assert.Equal(x.Select((value, i) => Expected(value, i, mode) + ((i + 10) / 3 * 1000) + ((i + 10) % 3)), y);
        }
    }

    private static int Expected(int value, int i, Mode mode)
    {
        int result = value >>> 3;
        result ^= (int)((uint)value << 2);
        result += Math.Max(value, i) - Math.Min(value, -i) + Math.Abs(i - 4);
        result -= value / 3;
        result += value % 3;
        result >>>= 1;
        result += (int)(((long)value * 3) >> 1);
        return mode switch { Mode.Square => i * i, Mode.Cube => i * i * i, _ => result + 1 };
    }

    [Theory, MemberData(nameof(Targets))]
    public void Functions_agree_with_the_host(string target)
    {
        float[] x = [0.3f, -1.7f, 2.5f, 0, -0.5f, float.NaN, float.NegativeInfinity, 1.5f];
        float[] y = GpuTargets.Run(target, 8, x, static (stream, from, to) => DialectLaunch.Functions(stream, (1, 1, 1), from, to));
        for (int i = 0; i < 8; i++)
        {
            double v = x[i];
            double expected = double.IsNaN(v) ? 7 : double.IsInfinity(v) ? 8
                : Math.Exp(v) + Math.Log(v + 3) + Math.Tanh(v) + Math.Sqrt(Math.Abs(v)) + Math.Floor(v) + Math.Ceiling(v) + (1 / Math.Sqrt(v + 3)) + Math.Pow(v + 3, 0.5)
                + Math.Sin(v) + Math.Cos(v) + Math.Round(v * 1.5) + Math.Truncate(v) + Math.CopySign(1, v) + Math.Abs(v);
            Assert.Equal(expected, y[i], 1e-5 * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Theory, MemberData(nameof(Targets))]
    public void Local_arrays_and_unrolled_loops(string target)
    {
        float[] x = Numbers(32);
        float[] y = GpuTargets.Run(target, 8, x, static (stream, from, to) => DialectLaunch.LocalArrays(stream, (1, 1, 1), from, to));
        for (int i = 0; i < 8; i++)
        {
            float total = 10 * (x[i * 4] + x[(i * 4) + 1] + x[(i * 4) + 2] + x[(i * 4) + 3]);
            Assert.Equal(total + 500 + (20 * x[i * 4]), y[i], 1e-3);
        }
    }

    [Theory, MemberData(nameof(Targets))]
    public void Integer_atomics_count_and_rank(string target)
    {
        float[] x = [.. Enumerable.Range(0, 45).Select(static i => (float)(i * 7 % 31))];
        using Accelerator accelerator = GpuTargets.Open(target);
        using var from = accelerator.Allocate1D(x);
        using var to = accelerator.Allocate1D<int>([0, 0, 0, 0, -1, 99]);
        DialectLaunch.Atomics(accelerator.DefaultStream, (3, 1, 1), from.View, to.View, 45);
        int[] y = new int[6];
        to.View.CopyToCPU(accelerator.DefaultStream, y);
        Assert.Equal([.. Enumerable.Range(0, 4).Select(bin => 3 * x.Count(value => ((int)value & 3) == bin)), (int)x.Max(), (int)x.Min()], y);
    }

    [OpenClFact]
    public void An_OpenCL_driver_ran_these_tests() => Assert.NotEmpty(ILGPU.Runtime.OpenCL.CLDevice.All);

    internal readonly struct Thrice : IUnary
    {
        public static int Lanes => 3;

        public static float Value(float x) => x * 3;
    }
}
