namespace NativeFree.Loaders.Images;

/// <summary>
/// Runs over the units of one scan (T.81, A.2 and E.1.4): predictions and end-of-band runs start anew after each restart marker; where the
/// data ends early the rest of the interval is left as it is.
/// Sequential blocks go straight to samples; progressive ones to coefficients, in <c>JpegScanDecoder.Progressive.cs</c>.
/// </summary>
internal ref partial struct JpegScanDecoder
{
    private readonly JpegFrame frame;
    private readonly JpegScan scan;
    private readonly JpegDamage damage;
    private readonly int[] predictions;
    private readonly int[][] quant;
    private readonly int[] block = new int[64];
    private JpegBitReader reader;
    private int untilRestart;
    private int nextRestart;
    private bool insufficient;

    /// <summary>Blocks still covered by an end-of-band run: nothing new in this band for them.</summary>
    private int endOfBandRun;

    private JpegScanDecoder(JpegFrame frame, JpegScan scan, JpegDamage damage)
    {
        (this.frame, this.scan, this.damage) = (frame, scan, damage);
        reader = new JpegBitReader(scan.Data.Span);
        predictions = new int[scan.Components.Length];
        quant = [.. scan.Components.Select(c => c.Component.Quant!.Select(q => (int)q).ToArray())];
        untilRestart = scan.RestartInterval;
    }

    internal static void Decode(JpegFrame frame, JpegScan scan, JpegDamage damage) => new JpegScanDecoder(frame, scan, damage).Run();

    private void Run()
    {
        if (scan.Interleaved)
        {
            RunUnits();
        }
        else
        {
            JpegComponent component = scan.Components[0].Component;
            for (int y = 0; y < component.BlocksHigh; y++)
            {
                for (int x = 0; x < component.BlocksWide; x++)
                {
                    if (BeginUnit())
                    {
                        ReadBlock(0, y, x);
                        EndUnit();
                    }
                }
            }
        }

        if (!insufficient && reader.Unread > 0)
        {
            damage.Note($"{reader.Unread} bytes of a scan are left over", scan.Offset);
        }
    }

    private void RunUnits()
    {
        for (int unitY = 0; unitY < frame.UnitsHigh; unitY++)
        {
            for (int unitX = 0; unitX < frame.UnitsWide; unitX++)
            {
                if (!BeginUnit())
                {
                    continue;
                }

                for (int i = 0; i < scan.Components.Length; i++)
                {
                    JpegComponent component = scan.Components[i].Component;
                    for (int y = 0; y < component.Vertical; y++)
                    {
                        for (int x = 0; x < component.Horizontal; x++)
                        {
                            ReadBlock(i, (unitY * component.Vertical) + y, (unitX * component.Horizontal) + x);
                        }
                    }
                }

                EndUnit();
            }
        }
    }

    /// <summary>Steps over a restart marker where one is due; false where there is nothing to read until the next.</summary>
    private bool BeginUnit()
    {
        if (scan.RestartInterval > 0)
        {
            if (untilRestart == 0)
            {
                Restart();
            }

            untilRestart--;
        }

        return !insufficient;
    }

    private void EndUnit()
    {
        if (reader.Exhausted)
        {
            damage.Report("the entropy-coded data must reach to the last block; it ends early", scan.Offset + reader.Position);
            insufficient = true;
        }

        if (reader.Overrun)
        {
            damage.Report("a run of zeros must end within its block; it does not", scan.Offset + reader.Position);
            reader.Overrun = false;
        }
    }

    private void Restart()
    {
        Array.Clear(predictions);
        endOfBandRun = 0;
        untilRestart = scan.RestartInterval;
        bool found = reader.Restart(nextRestart);
        if (!found)
        {
            damage.Report($"restart marker {nextRestart} must come next; it does not", scan.Offset + reader.Position);
            found = Resynchronize();
        }

        nextRestart = (nextRestart + 1) & 7;
        insufficient &= !found;
    }

    /// <summary>
    /// libjpeg's guess: a marker one or two ahead stays for later intervals (this one's data is lost), one or two behind is stepped over,
    /// any other restart is taken for the expected one.
    /// True where reading goes on behind a marker.
    /// </summary>
    private bool Resynchronize()
    {
        while (true)
        {
            int marker = reader.NextMarker(), ahead = (marker - JpegMarker.Rst0 - nextRestart) & 7;
            if (marker < 0 || ahead is 1 or 2)
            {
                return false;
            }

            reader.SkipMarker();
            if (ahead is not (6 or 7))
            {
                return true;
            }
        }
    }

    private void ReadBlock(int index, int y, int x)
    {
        (JpegComponent component, HuffmanTable? dc, HuffmanTable? ac) = scan.Components[index];
        if (frame.Progressive)
        {
            ReadCoefficients(index, component.Coefficients[y] ??= new short[component.Stride * 8], x * 64);
            return;
        }

        int used = reader.ReadBlock(dc!, ac!, ref predictions[index], quant[index], block);
        InverseDct.Transform(block, used, component.Plane.AsSpan((y * 8 * component.Stride) + (x * 8)), component.Stride);
    }
}
