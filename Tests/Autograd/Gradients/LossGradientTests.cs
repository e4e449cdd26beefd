using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Tests.Reference;

namespace NativeFree.Tests.Operators;

public sealed class LossGradientTests
{
    private static readonly int[] Pixels = [0, 2, -1, 1, 4, 4, 2, -1, 0, 3, 3, 1, 2, 0];

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void Softmax_cross_entropy(bool normalize, bool weighted)
    {
        Real x = GradientCheck.Normal(1, 2, 1, 7, 5).Map(value => 3 * value);
        float[] weight = [0.5f, 2, 0.25f, 1, 3];
        GradientCheck.Run(2,
            v => F.SoftmaxCrossEntropy(v[0], new Labels(new Shape(2, 1, 7), Pixels), -1, weighted ? Tensor.From(v[0].Device, new Shape(5), weight) : null, normalize),
            v => Twins.SoftmaxCrossEntropy(v[0], Pixels, -1, weighted ? [.. weight.Select(value => (double)value)] : null, normalize), x);
    }

    [Fact]
    public void Softmax_cross_entropy_of_rows_wider_than_a_vector()
    {
        int[] labels = [36, 0, 17];
        GradientCheck.Run(2, v => F.SoftmaxCrossEntropy(v[0], new Labels(labels)), v => Twins.SoftmaxCrossEntropy(v[0], labels, -1, null, true), GradientCheck.Normal(1, 3, 37));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sigmoid_cross_entropy(bool normalize)
    {
        int[] labels = [1, 0, -1, 1, 1, 0, 0, -1, 1, 0, 1, 1, 0, 1, 0];
        GradientCheck.Run(2, v => F.SigmoidCrossEntropy(v[0], new Labels(new Shape(5, 3), labels), -1, normalize), v => Twins.SigmoidCrossEntropy(v[0], labels, -1, normalize), GradientCheck.Normal(1, 5, 3));
    }

    [Fact]
    public void Mean_squared_error() =>
        GradientCheck.Run(3, v => F.MeanSquaredError(v[0], v[1]), v => Twins.Sum(v[0].Zip(v[1], (a, b) => (a - b) * (a - b)), true), GradientCheck.Normal(1, 3, 5, 2), GradientCheck.Normal(2, 3, 5, 2));

    [Theory]
    [InlineData(1f)]
    [InlineData(0.01f)]
    public void Dice(float smooth) =>
        GradientCheck.Run(2, v => F.Dice(F.Softmax(v[0]), new Labels(new Shape(2, 1, 7), Pixels), -1, smooth), v => Twins.Dice(Twins.Softmax(v[0], 3, false), Pixels, -1, smooth), GradientCheck.Normal(1, 2, 1, 7, 5));

    [Fact]
    public void Dice_of_a_perfect_match_is_0()
    {
        Tensor p = Tensor.From(CpuDevice.Default, new Shape(2, 3), [1, 0, 0, 0, 0, 1]);
        Assert.Equal([0f], F.Dice(p, new Labels(0, 2)).Value.ToArray());
    }

    [Fact]
    public void A_label_outside_the_classes_is_refused_by_name()
    {
        Tensor x = Tensor.Zeros(CpuDevice.Default, new Shape(2, 3));
        Assert.StartsWith("SoftmaxCrossEntropy: labels lie in 0 to 2; got 3;", Assert.Throws<ArgumentException>(() => F.SoftmaxCrossEntropy(x, new Labels(0, 3))).Message, StringComparison.Ordinal);
        Assert.StartsWith("Dice: labels lie in 0 to 2; got -1;", Assert.Throws<ArgumentException>(() => F.Dice(x, new Labels(0, -1), null)).Message, StringComparison.Ordinal);
        Assert.StartsWith("SigmoidCrossEntropy: labels are 0 or 1; got 2;", Assert.Throws<ArgumentException>(() => F.SigmoidCrossEntropy(x, new Labels(new Shape(2, 3), [0, 1, 0, 1, 0, 2]))).Message, StringComparison.Ordinal);
        Assert.Equal([0f], F.SoftmaxCrossEntropy(x, new Labels(255, 255), 255).Value.ToArray());
    }

    [Fact]
    public void Metrics_count_rows_that_are_not_ignored_over_all_batches()
    {
        var matrix = new ConfusionMatrix(3);
        Tensor x = Tensor.From(CpuDevice.Default, new Shape(4, 3), [1, 1, 0, 0, 2, 1, 0, 0, 3, 5, 6, 7]);
        matrix.Add(x, new Labels(0, 0, 2, 255), 255);
        matrix.Add(x, new Labels(1, 1, 2, 2));
        // predictions 0 1 2 | 0 1 2 2 against 0 0 2 | 1 1 2 2
        Assert.Equal(5.0 / 7, matrix.Accuracy, 12);
        Assert.Equal(((1.0 / 3) + (1.0 / 3) + 1) / 3, matrix.MeanIoU, 12);
        Assert.Equal(2, matrix[2, 2] - matrix[0, 0]);
        Assert.Null(new ConfusionMatrix(2).IoU(1));
        Assert.Equal(0, F.Accuracy(x, new Labels(9, 9, 9, 9), 9));
        Assert.Equal(0.5, F.MeanIoU(x, new Labels(0, 1, 2, 9), 9) / 2, 12);
    }
}
