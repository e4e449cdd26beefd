using NativeFree.Kernels;
using NativeFree.Layers;

namespace NativeFree.Cli.Patterns;

/// <summary>
/// A drawn picture with its trimap: a smooth closed figure in one of six textures before a soft ground. Colours, size, place, turn and texture scale are random, so neither colour nor place tells figure from ground. What is drawn
/// follows from (seed, index) alone.
/// </summary>
internal static class PatternPicture
{
    private const double BorderPixels = 1.5;

    /// <summary>The picture, and its trimap with 1 figure, 2 ground, 3 the border between, as in the Pet set.</summary>
    public static (Image Image, Image Trimap) Draw(int seed, int index, int kind, int height, int width)
    {
        var random = new RandomSequence(seed, $"pattern picture {index}");
        int next = 0;
        double Uniform(double low, double high) => low + ((high - low) * random.Uniform(next++));
        Texturing figure = Texturing.Random(kind, Uniform), ground = Texturing.Random(Texture.Figures.Count + (int)Uniform(0, Texture.Grounds), Uniform);
        double size = Math.Min(height, width), radius = Uniform(0.22, 0.36) * size;
        (double cy, double cx) = (Uniform(0.38, 0.62) * height, Uniform(0.38, 0.62) * width);
        (double Amplitude, double Phase)[] waves = [.. Enumerable.Range(2, 4).Select(k => (Uniform(0, 0.35) / k, Uniform(0, 2 * Math.PI)))];
        double noise = Uniform(4, 14);
        byte[] pixels = new byte[height * width * 3], trimap = new byte[height * width];
        for (int y = 0, at = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, at++)
            {
                double outside = Outside(y, x);
                (double r, double g, double b) = (outside < 0 ? figure : ground).Color(x, y, Grid);
                (pixels[3 * at], pixels[(3 * at) + 1], pixels[(3 * at) + 2]) = (Noisy(r, 3 * at), Noisy(g, (3 * at) + 1), Noisy(b, (3 * at) + 2));
                trimap[at] = (byte)(Math.Abs(outside) <= BorderPixels ? 3 : outside < 0 ? 1 : 2);
            }
        }
        return (new Image(height, width, 3, pixels), new Image(height, width, 1, trimap));

        // Distance from the outline along the ray from the centre, pixels; negative inside.
        double Outside(double y, double x)
        {
            double angle = Math.Atan2(y - cy, x - cx), shape = 1;
            for (int k = 0; k < waves.Length; k++)
                shape += waves[k].Amplitude * Math.Cos(((k + 2) * angle) + waves[k].Phase);
            return Math.Sqrt(((y - cy) * (y - cy)) + ((x - cx) * (x - cx))) - (radius * shape);
        }

        double Grid(int i, int j) => random.Uniform(1000 + (((i & 255) << 8) | (j & 255)));

        byte Noisy(double value, int at) => (byte)Math.Clamp(value + (noise * ((2 * random.Uniform(100_000 + at)) - 1)), 0, 255);
    }

    /// <summary>A picture filled with one texture: one of the six of figures or, from there on, of the three grounds.</summary>
    public static Image Swatch(int seed, int index, int kind, int height, int width)
    {
        var random = new RandomSequence(seed, $"swatch {index}");
        int next = 0;
        double Uniform(double low, double high) => low + ((high - low) * random.Uniform(next++));
        double Grid(int i, int j) => random.Uniform(1000 + (((i & 255) << 8) | (j & 255)));
        var texture = Texturing.Random(kind, Uniform);
        double noise = Uniform(4, 14);
        byte[] pixels = new byte[height * width * 3];
        for (int at = 0; at < height * width; at++)
        {
            (int y, int x) = (at / width, at % width);
            (double r, double g, double b) = texture.Color(x, y, Grid);
            (pixels[3 * at], pixels[(3 * at) + 1], pixels[(3 * at) + 2]) = (Noisy(r, 3 * at), Noisy(g, (3 * at) + 1), Noisy(b, (3 * at) + 2));
        }
        return new Image(height, width, 3, pixels);

        byte Noisy(double value, int at) => (byte)Math.Clamp(value + (noise * ((2 * random.Uniform(100_000 + at)) - 1)), 0, 255);
    }

    /// <summary>A texture in place: its kind, turn, period in pixels, shift, and the colours of 0 and 1.</summary>
    private sealed record Texturing(int Kind, double Turn, double Period, double U, double V, (double R, double G, double B) Dark, (double R, double G, double B) Light)
    {
        /// <summary>A texture of random turn, scale and colours: its lighter colour is the darker one plus a random amount that is nearly the same for red, green and blue.</summary>
        public static Texturing Random(int kind, Func<double, double, double> uniform)
        {
            (double turn, double period, double u, double v) = (uniform(-0.35, 0.35), uniform(5, 8), uniform(0, 9), uniform(0, 9));
            (double R, double G, double B) dark = (uniform(10, 140), uniform(10, 140), uniform(10, 140));
            double contrast = uniform(70, 115);
            return new Texturing(kind, turn, period, u, v, dark, (dark.R + (contrast * uniform(0.8, 1)), dark.G + (contrast * uniform(0.8, 1)), dark.B + (contrast * uniform(0.8, 1))));
        }

        public (double R, double G, double B) Color(double x, double y, Func<int, int, double> grid)
        {
            (double u, double v) = Place(x, y);
            return Mix(Kind < Texture.Figures.Count ? Texture.Figure(Kind, u, v) : Texture.Ground(Kind - Texture.Figures.Count, u, v, grid));
        }

        private (double U, double V) Place(double x, double y)
        {
            (double sin, double cos) = Math.SinCos(Turn);
            return (U + (((cos * x) + (sin * y)) / Period), V + (((cos * y) - (sin * x)) / Period));
        }

        private (double R, double G, double B) Mix(double t) => (Dark.R + (t * (Light.R - Dark.R)), Dark.G + (t * (Light.G - Dark.G)), Dark.B + (t * (Light.B - Dark.B)));
    }
}
