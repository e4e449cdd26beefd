namespace NativeFree.Cli;

/// <summary>Takes every input through the same work. One that fails is named on the error stream and the others are still answered.</summary>
internal static class InputLoop
{
    /// <param name="paths">INPUT… as given.</param>
    /// <param name="error">Where faults and progress go.</param>
    /// <param name="quiet">Whether progress stays unsaid.</param>
    /// <param name="cancellation">Looked at before each input.</param>
    /// <param name="runner">What runs the network.</param>
    /// <param name="ahead">The first picture, on its way since before the weights were read.</param>
    /// <param name="work">What is done with each input.</param>
    /// <returns>The exit code: 1 where an input failed.</returns>
    public static int Run(IReadOnlyList<string> paths, TextWriter error, bool quiet, CancellationToken cancellation, ModelRunner runner, FirstPicture ahead, Action<Input, ModelRunner> work)
    {
        int code = CommandLine.Done;
        List<string> files = Inputs.Expand(paths, Refuse);
        runner.Expected = (int)Math.Min(files.Sum(file => (long)Count(file)), int.MaxValue);
        using var progress = new ProgressLine(error, files.Count, quiet);
        foreach (string file in files)
        {
            try
            {
                foreach (Input input in Inputs.Read(file, ahead))
                {
                    cancellation.ThrowIfCancellationRequested();
                    try
                    {
                        work(input, runner);
                    }
                    catch (NativeFree.Kernels.ShapeException e)
                    {
                        Refuse(new InputException($"{input.Name}: {e.Message}"));
                    }
                }
            }
            catch (Exception e) when (CommandLine.IsFaultOfInput(e))
            {
                Refuse(e);
            }
            progress.Step();
        }
        return code;

        int Count(string file)
        {
            try
            {
                return Inputs.Count(file);
            }
            catch (Exception e) when (CommandLine.IsFaultOfInput(e))
            {
                return 0; // said when its turn comes
            }
        }

        void Refuse(Exception e)
        {
            code = CommandLine.BadInput;
            error.WriteLine($"nativefree: {CommandLine.OneLine(e.Message)}");
        }
    }
}
