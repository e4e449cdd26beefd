namespace NativeFree.Kernels;

/// <summary>
/// Sums and what is built on them, on one device. An axis is reduced by seeing a tensor as [outer, length, inner] with the axis in the middle. Sums are made in an order that depends on the shape alone.
/// Destinations are overwritten.
/// </summary>
public interface IReductions
{
    /// <summary>y[o,i] = scale·Σₗ x[o,l,i]. x holds outer·length·inner values, y outer·inner. length = 0 gives zeros.</summary>
    void Sum(Tensor x, int outer, int length, int inner, float scale, Tensor y);

    /// <summary>y[o,l,i] = scale·x[o,i]: the gradient of <see cref="Sum"/>.</summary>
    void Spread(Tensor x, int outer, int length, int inner, float scale, Tensor y);

    /// <summary>y[o,l,i] = eᵛ / Σ eᵛ with v = x − max x along l: no overflow, whatever x.</summary>
    void Softmax(Tensor x, int outer, int length, int inner, Tensor y);

    /// <summary>gx = y·(gy − Σ gy·y), sums along l.</summary>
    void SoftmaxBackward(Tensor y, Tensor gy, int outer, int length, int inner, Tensor gx);

    /// <summary>y[o,l,i] = v − log Σ eᵛ with v = x − max x along l.</summary>
    void LogSoftmax(Tensor x, int outer, int length, int inner, Tensor y);

    /// <summary>gx = gy − eʸ·Σ gy, sums along l.</summary>
    void LogSoftmaxBackward(Tensor y, Tensor gy, int outer, int length, int inner, Tensor gx);

    /// <summary>Σ x·y over all elements, in double.</summary>
    double Dot(Tensor x, Tensor y);

    /// <summary>Whether no element is NaN or infinite.</summary>
    bool AllFinite(Tensor x);

    /// <summary>The number of the largest of the last axis's values for each row, the first of equal ones; NaN counts as the largest. <paramref name="indices"/> has one place a row.</summary>
    void ArgMax(Tensor x, Span<int> indices);
}
