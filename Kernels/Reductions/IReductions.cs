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

    /// <summary>loss[0] = scale·Σ −weight[t]·logp[row, t] over the rows whose label t is not <paramref name="ignore"/>. Rows are all axes of logp but the last; labels lie in 0 … C − 1 unless ignored; weight [C] or null for 1.</summary>
    void NegativeLogLikelihood(Tensor logp, Labels labels, int? ignore, Tensor? weight, float scale, Tensor loss);

    /// <summary>The gradient of <see cref="NegativeLogLikelihood"/> behind a softmax: gx[row,c] = scale·gy[0]·weight[t]·(exp logp[row,c] − [c = t]), 0 in ignored rows.</summary>
    void NegativeLogLikelihoodBackward(Tensor logp, Labels labels, int? ignore, Tensor? weight, float scale, Tensor gy, Tensor gx);

    /// <summary>loss[0] = scale·Σ max(x, 0) − x·t + log(1 + e^−|x|) over the elements whose label t, 0 or 1, is not <paramref name="ignore"/>.</summary>
    void SigmoidCrossEntropy(Tensor x, Labels labels, int? ignore, float scale, Tensor loss);

    /// <summary>The gradient of <see cref="SigmoidCrossEntropy"/>: gx = scale·gy[0]·(1 / (1 + e⁻ˣ) − t), 0 where ignored.</summary>
    void SigmoidCrossEntropyBackward(Tensor x, Labels labels, int? ignore, float scale, Tensor gy, Tensor gx);

    /// <summary>overlap[c] = Σ p[row,c] over rows with label c, total[c] = Σ p[row,c] over all rows; ignored rows count in neither. overlap, total float32 [C].</summary>
    void LabelSums(Tensor p, Labels labels, int? ignore, Tensor overlap, Tensor total);

    /// <summary>The gradient of <see cref="LabelSums"/>: gp[row,c] = total[c] + [c = t]·overlap[c], 0 in ignored rows.</summary>
    void LabelSumsBackward(Labels labels, int? ignore, Tensor overlap, Tensor total, Tensor gp);
}
