using NativeFree.Kernels;
using NativeFree.Layers;

namespace NativeFree.Tests;

public sealed class InitializerTests
{
    /// <summary>Mean and spread of 7·7·64·201 = 630 336 values; the standard error of the spread is below 0.1 %.</summary>
    [Theory]
    [InlineData("LeCunNormal", 3136, 9849, 0.017857, false)]
    [InlineData("HeNormal", 3136, 9849, 0.025254, false)]
    [InlineData("GlorotNormal", 3136, 9849, 0.012411, false)]
    [InlineData("TruncatedHeNormal", 3136, 9849, 0.025254, true)]
    [InlineData("LeCunUniform", 3136, 9849, 0.017857, true)]
    [InlineData("HeUniform", 3136, 9849, 0.025254, true)]
    [InlineData("GlorotUniform", 3136, 9849, 0.012411, true)]
    [InlineData("Normal", 3136, 9849, 0.01, false)]
    public void Spread_follows_the_formula(string name, long fanIn, long fanOut, double deviation, bool bounded)
    {
        Initializer initializer = name == "Normal" ? Initializer.Normal(0.01) : (Initializer)typeof(Initializer).GetProperty(name)!.GetValue(null)!;
        float[] values = new float[630_335]; // odd: normals come in pairs
        initializer.Fill(values, fanIn, fanOut, new RandomSequence(1, "conv/W"));
        double mean = values.Average(v => (double)v), spread = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        Assert.InRange(spread, deviation * 0.995, deviation * 1.005);
        Assert.InRange(mean, -deviation / 100, deviation / 100);
        double limit = name.StartsWith("Truncated", StringComparison.Ordinal) ? 2 * deviation / 0.87962566103423978 : Math.Sqrt(3) * deviation;
        Assert.Equal(bounded, values.Max(Math.Abs) <= limit * 1.00001);
    }

    [Fact]
    public void Values_depend_on_seed_and_path_alone()
    {
        float[] First(int seed, string key)
        {
            float[] values = new float[9];
            Initializer.HeNormal.Fill(values, 4, 4, new RandomSequence(seed, key));
            return values;
        }

        Assert.Equal(First(1, "a/W"), First(1, "a/W"));
        Assert.NotEqual(First(1, "a/W"), First(2, "a/W"));
        Assert.NotEqual(First(1, "a/W"), First(1, "b/W"));
        Assert.Equal(9, First(1, "a/W").Distinct().Count());
    }

    [Fact]
    public void Layers_of_one_network_start_differently_and_a_seed_repeats_them()
    {
        Sequential Make(int seed) => new(new Linear(6, 6), new Linear(6, 6)) { Seed = seed };
        float[] W(Sequential network, string path)
        {
            network[path].Initialize();
            return network[path].Parameters[0].Value.ToArray();
        }

        Assert.NotEqual(W(Make(3), "0"), W(Make(3), "1"));
        Assert.Equal(W(Make(3), "1"), W(Make(3), "1"));
        Assert.NotEqual(W(Make(3), "1"), W(Make(4), "1"));
    }

    /// <summary>Chainer's fan of a transposed filter (I, O, R, S) is O·R·S.</summary>
    [Fact]
    public void A_transposed_convolution_counts_its_outputs_as_fan()
    {
        var layer = new Deconvolution2D(400, 9, 3);
        layer.Initialize();
        float[] w = layer.W.Value.ToArray();
        Assert.InRange(Math.Sqrt(w.Average(v => (double)v * v)), 0.98 / 9, 1.02 / 9);
    }
}
