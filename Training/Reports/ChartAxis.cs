using System.Globalization;

namespace NativeFree.Training;

/// <summary>The round numbers along an axis: steps of 1, 2 or 5 times a power of ten, at most about six of them, that hold all values.</summary>
internal sealed class ChartAxis
{
    private readonly double step;

    public ChartAxis(double smallest, double largest, bool whole = false)
    {
        double span = Math.Max(largest - smallest, (largest == 0 ? 1 : Math.Abs(largest)) * 1e-3);
        double power = Math.Pow(10, Math.Floor(Math.Log10(span / 5)));
        double parts = span / 5 / power;
        step = power * (parts <= 1 ? 1 : parts <= 2 ? 2 : parts <= 5 ? 5 : 10);
        if (whole)
            step = Math.Max(1, Math.Round(step));
        Low = Math.Floor((smallest / step) + 1e-9) * step;
        High = Math.Ceiling((largest / step) - 1e-9) * step;
        if (High <= Low)
            High = Low + step;
    }

    public double Low { get; }

    public double High { get; }

    public IEnumerable<(double Value, string Text)> Ticks()
    {
        int decimals = (int)Math.Clamp(-Math.Floor(Math.Log10(step) + 1e-9), 0, 9);
        int count = (int)Math.Round((High - Low) / step);
        for (int i = 0; i <= count; i++)
        {
            double value = Low + (i * step);
            yield return (value, Math.Round(value, 12).ToString(Math.Abs(value) >= 1e6 ? "0.##e0" : "F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        }
    }
}
