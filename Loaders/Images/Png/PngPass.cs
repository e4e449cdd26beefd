namespace NativeFree.Loaders.Images;

/// <summary>
/// One pass over the pixels: from (Top, Left) every StepY-th row and StepX-th column. A plain PNG has one, Adam7 seven, of which some may
/// be empty.
/// </summary>
internal readonly record struct PngPass(int Top, int Left, int StepY, int StepX, int Height, int Width)
{
    private static readonly (int Top, int Left, int StepY, int StepX)[] Adam7 =
        [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)];

    internal static IEnumerable<PngPass> Of(PngHeader header) =>
        (header.Interlaced ? Adam7 : [(0, 0, 1, 1)])
            .Select(p => new PngPass(p.Top, p.Left, p.StepY, p.StepX, Steps(header.Height - p.Top, p.StepY), Steps(header.Width - p.Left, p.StepX)))
            .Where(pass => pass.Height > 0 && pass.Width > 0);

    private static int Steps(int length, int step) => length <= 0 ? 0 : ((length - 1) / step) + 1;
}
