namespace NativeFree.Cli.Patterns;

/// <summary>The textures of the demo's pictures: functions of a place, 0 to 1. The first six cover the figures and are the classes to tell apart; the rest are grounds.</summary>
internal static class Texture
{
    public static IReadOnlyList<string> Figures { get; } = ["Stripes", "Checks", "Dots", "Rings", "zigzag", "weave"];

    public const int Grounds = 3;

    /// <summary>The value of figure texture <paramref name="kind"/> at (u, v), in units of its period.</summary>
    public static double Figure(int kind, double u, double v) => kind switch
    {
        0 => Wave(u),
        1 => Math.Floor(u) % 2 == 0 ^ Math.Floor(v) % 2 == 0 ? 1 : 0,
        2 => Math.Sqrt(Square(Part(u) - 0.5) + Square(Part(v) - 0.5)) < 0.33 ? 1 : 0,
        3 => Wave(Math.Sqrt(Square(u) + Square(v))),
        4 => Wave(u + Math.Abs((2 * Part(v / 2)) - 1)),
        _ => ((int)Math.Floor(u) + (int)Math.Floor(v)) % 2 == 0 ? Wave(2 * u) : Wave(2 * v),
    };

    /// <summary>The value of ground <paramref name="kind"/> at (u, v): clouds, grain or a slope; <paramref name="random"/> gives a number of [0, 1) for a place of the whole-numbered grid.</summary>
    public static double Ground(int kind, double u, double v, Func<int, int, double> random) => kind switch
    {
        0 => (0.65 * Smooth(u / 2, v / 2, random)) + (0.35 * Smooth(u, v, random)),
        1 => Smooth(3 * u, 3 * v, random),
        _ => Math.Clamp((0.5 + (u / 24) + (0.25 * Smooth(u / 3, v / 3, random))) - 0.125, 0, 1),
    };

    private static double Smooth(double u, double v, Func<int, int, double> random)
    {
        (int i, int j) = ((int)Math.Floor(u), (int)Math.Floor(v));
        (double a, double b) = (Ease(u - i), Ease(v - j));
        double above = random(i, j) + (a * (random(i + 1, j) - random(i, j))), below = random(i, j + 1) + (a * (random(i + 1, j + 1) - random(i, j + 1)));
        return above + (b * (below - above));
    }

    private static double Ease(double t) => t * t * (3 - (2 * t));

    private static double Wave(double u) => Part(u) < 0.5 ? 1 : 0;

    private static double Part(double u) => u - Math.Floor(u);

    private static double Square(double u) => u * u;
}
