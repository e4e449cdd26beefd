namespace NativeFree.Kernels;

/// <summary>
/// An affine map of pixel positions: (x, y) goes to (XX·x + XY·y + X0, YX·x + YY·y + Y0), x to the right, y down, whole numbers at pixel
/// centres.
/// The numbers in row order are the 2×3 matrix that OpenCV calls source-to-destination.
/// </summary>
/// <param name="XX">x out of x.</param>
/// <param name="XY">x out of y.</param>
/// <param name="X0">Shift of x, pixels.</param>
/// <param name="YX">y out of x.</param>
/// <param name="YY">y out of y.</param>
/// <param name="Y0">Shift of y, pixels.</param>
public readonly record struct AffineTransform(double XX, double XY, double X0, double YX, double YY, double Y0)
{
    /// <summary>
    /// The turn by <paramref name="degrees"/>, counter-clockwise as seen, about the centre ((width − 1)/2, (height − 1)/2) of an image of
    /// that size.
    /// </summary>
    public static AffineTransform Rotation(double degrees, int height, int width)
    {
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        double cx = (width - 1) / 2.0, cy = (height - 1) / 2.0;
        return new AffineTransform(cos, sin, ((1 - cos) * cx) - (sin * cy), -sin, cos, (sin * cx) + ((1 - cos) * cy));
    }

    /// <summary>The map that undoes this one.</summary>
    /// <exception cref="ShapeException">The determinant XX·YY − XY·YX is 0 (the map flattens the picture), or a number is not
    /// finite.</exception>
    public AffineTransform Inverse()
    {
        double determinant = (XX * YY) - (XY * YX);
        if (determinant == 0 || !double.IsFinite(determinant + X0 + Y0))
        {
            throw new ShapeException(
                $"AffineTransform.Inverse: all numbers must be finite and the determinant not 0; got {determinant} for {this}");
        }

        double xx = YY / determinant, xy = -XY / determinant, yx = -YX / determinant, yy = XX / determinant;
        return new AffineTransform(xx, xy, -((xx * X0) + (xy * Y0)), yx, yy, -((yx * X0) + (yy * Y0)));
    }

    /// <summary>Where (x, y) goes.</summary>
    public (double X, double Y) Apply(double x, double y) => ((XX * x) + (XY * y) + X0, (YX * x) + (YY * y) + Y0);
}
