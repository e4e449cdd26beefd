using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using NativeFree.Tests;

const string Usage = """
    dotnet run -c Release --project Tests/Fuzz -- [--seconds S] [--count N] [--seed N] [--format hdf5|npz|npy|keras|gzip|jpeg|png|weights]… [--only N] [--threads N] [--output DIR]

    Without --format: all but weights, which loads whole models and is slow.
    Damages the golden files (NATIVEFREE_GOLDENS, else Tests/Goldens) and reads the results. Ends after S seconds (120) or N inputs, whichever is first.
    Reports exceptions other than FileFormatException, inputs over 2 s, refused inputs that took more than 64 MiB + 16 times their size, and saves them to DIR.
    Exit code 1 if there were any. --only N repeats input N of a seed (with the same --format).
    """;

var values = new Dictionary<string, List<string>>();
for (int i = 0; i < args.Length; i += 2)
{
    if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }
    values.TryAdd(args[i], []);
    values[args[i]].Add(args[i + 1]);
}
long Number(string name, long otherwise) => values.TryGetValue(name, out List<string>? given)
    ? long.Parse(given[^1], CultureInfo.InvariantCulture) : otherwise;

string goldens = Environment.GetEnvironmentVariable("NATIVEFREE_GOLDENS") is { Length: > 0 } named ? named
    : Path.Combine("Tests", "Goldens");
string output = values.TryGetValue("--output", out List<string>? folder) ? folder[^1] : Path.Combine(Path.GetTempPath(), "nativefree-fuzz");
var run = new FuzzRun(values.TryGetValue("--format", out List<string>? wanted)
    ? FuzzFormat.All.Append(FuzzFormat.Weights).Where(format => wanted.Contains(format.Name)) : FuzzFormat.All,
    goldens, (int)Number("--seed", 1));
long first = Number("--only", 0), count = values.ContainsKey("--only") ? 1 : Number("--count", long.MaxValue - 1);
var limit = TimeSpan.FromSeconds(Number("--seconds", values.ContainsKey("--count") ? int.MaxValue : 120));
Console.WriteLine($"seed {Number("--seed", 1)}, {string.Join(", ", run.Formats)}, below {goldens}");

var watch = Stopwatch.StartNew();
var findings = new ConcurrentQueue<FuzzFinding>();
long next = first - 1;
int threads = (int)Number("--threads", Environment.ProcessorCount);
(long Input, long Since)[] working = new (long, long)[threads];
Thread[] workers = [.. Enumerable.Range(0, threads).Select(k => new Thread(() =>
{
    for (long n = Interlocked.Increment(ref next); n < first + count && watch.Elapsed < limit; n = Interlocked.Increment(ref next))
    {
        working[k] = (n, Stopwatch.GetTimestamp());
        if (run.Try(n) is { } finding)
        {
            findings.Enqueue(finding);
            Directory.CreateDirectory(output);
            string name = Path.Combine(output, $"{finding.Format}-{n}-{finding.Sample}");
            File.WriteAllBytes(name, finding.Input);
            Console.WriteLine($"input {n} ({finding.Format}, from {finding.Sample}) {finding.What.Split('\n')[0]}; saved as {name}");
        }
    }
    working[k] = (-1, long.MaxValue);
}))];
Array.ForEach(workers, w => w.Start());
while (workers.Any(w => !w.Join(500)))
{
    // A reader that hangs never reaches its own clock.
    if (working.FirstOrDefault(w => w.Since != 0 && w.Since != long.MaxValue
        && Stopwatch.GetElapsedTime(w.Since).TotalSeconds > 60) is { Since: > 0 } hung)
    {
        Console.WriteLine($"input {hung.Input} hangs");
        return 1;
    }
}

long done = run.Read + run.Refused + findings.Count(f => f.What.Contains("escaped", StringComparison.Ordinal));
Console.WriteLine($"{done} inputs in {watch.Elapsed.TotalSeconds:f0} s, {done / watch.Elapsed.TotalSeconds:f0} a second: {run.Read} read, {run.Refused} refused, {findings.Count} findings");
foreach ((string format, FuzzTally tally) in run.Tallies)
    Console.WriteLine($"{format,-6} {tally}");
return findings.IsEmpty ? 0 : 1;
