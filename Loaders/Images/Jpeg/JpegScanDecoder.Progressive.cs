namespace NativeFree.Loaders.Images;

internal ref partial struct JpegScanDecoder
{
    private void ReadCoefficients(int index, short[] row, int at)
    {
        Span<short> coefficients = row.AsSpan(at, 64);
        if (scan.First == 0)
        {
            if (scan.High == 0)
            {
                reader.Next(scan.Components[index].Dc!, out _, out int difference);
                predictions[index] += difference;
                coefficients[0] = (short)(predictions[index] << scan.Low);
            }
            else if (reader.Bits(1) != 0)
            {
                coefficients[0] |= (short)(1 << scan.Low);
            }
        }
        else if (scan.High == 0)
        {
            FirstPass(coefficients, scan.Components[index].Ac!);
        }
        else
        {
            Refine(coefficients, scan.Components[index].Ac!);
        }
    }

    /// <summary>T.81, G.1.2.2: run and value as in sequential mode, shifted; 2^r blocks and more may end at once.</summary>
    private void FirstPass(Span<short> coefficients, HuffmanTable table)
    {
        if (endOfBandRun > 0)
        {
            endOfBandRun--;
            return;
        }

        for (int k = scan.First; k <= scan.Last; k++)
        {
            if (reader.Next(table, out int run, out int value))
            {
                k += run;
                reader.Overrun |= k > scan.Last;
                coefficients[Math.Min(k, 63)] = (short)(value << scan.Low);
            }
            else if (run == 15)
            {
                k += 15;
            }
            else
            {
                endOfBandRun = EndOfBand(run);
                return;
            }
        }
    }

    /// <summary>
    /// T.81, G.1.2.3: every coefficient that is not zero yet gets a correction bit as it is passed; a code tells how many zero ones to pass
    /// before a new ±1 (shifted), or that none comes.
    /// </summary>
    private void Refine(Span<short> coefficients, HuffmanTable table)
    {
        int k = scan.First;
        if (endOfBandRun == 0)
        {
            for (; k <= scan.Last; k++)
            {
                bool appears = reader.Next(table, out int run, out int value);
                if (!appears && run < 15)
                {
                    endOfBandRun = EndOfBand(run) + 1;
                    break;
                }

                if (appears && value is not (1 or -1))
                {
                    damage.Report("a refining scan must bring single bits; it brings more", scan.Offset + reader.Position);
                }

                for (; k <= scan.Last && (coefficients[k] != 0 || --run >= 0); k++)
                {
                    Correct(ref coefficients[k]);
                }

                if (appears)
                {
                    reader.Overrun |= k > scan.Last;
                    coefficients[Math.Min(k, 63)] = (short)(value > 0 ? 1 << scan.Low : -1 << scan.Low);
                }
            }
        }

        if (endOfBandRun > 0)
        {
            // A band of zeros has nothing to correct: passing it quickly keeps long runs over empty blocks cheap.
            if (k <= scan.Last && coefficients[k..(scan.Last + 1)].ContainsAnyExcept((short)0))
            {
                for (; k <= scan.Last; k++)
                {
                    Correct(ref coefficients[k]);
                }
            }

            endOfBandRun--;
        }
    }

    /// <summary>One bit: whether this coefficient grows by the step of the pass, away from zero. Nothing is read for a zero.</summary>
    private void Correct(ref short coefficient)
    {
        int step = 1 << scan.Low;
        if (coefficient != 0 && reader.Bits(1) != 0 && (coefficient & step) == 0)
        {
            coefficient += (short)(coefficient > 0 ? step : -step);
        }
    }

    /// <summary>Blocks after this one that a run of size class <paramref name="run"/> covers.</summary>
    private int EndOfBand(int run) => (1 << run) - 1 + (run > 0 ? reader.Bits(run) : 0);
}
