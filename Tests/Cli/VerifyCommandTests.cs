using System.Text.Json;

namespace NativeFree.Tests;

/// <summary><c>nativefree verify</c>: exit codes and output. What the cases compute is tested in OperatorCaseTests.</summary>
public sealed class VerifyCommandTests
{
    [Fact]
    public void Without_files_the_bundled_cases_run_and_pass()
    {
        JsonElement json = CommandRun.Json("verify", "--json", "--quiet");
        Assert.StartsWith("CPU", json.GetProperty("device").GetString(), StringComparison.Ordinal);
        JsonElement[] cases = [.. json.GetProperty("cases").EnumerateArray()];
        Assert.True(cases.Length > 100);
        Assert.Equal((cases.Length, 0), (json.GetProperty("passed").GetInt32(), json.GetProperty("failed").GetInt32()));
        foreach (JsonElement one in cases)
        {
            Assert.True(one.GetProperty("passed").GetBoolean());
            Assert.True(one.GetProperty("worst").GetProperty("error").GetDouble() <= one.GetProperty("worst").GetProperty("tolerance").GetDouble());
        }
    }

    [Fact]
    public void A_failing_case_a_broken_file_and_a_missing_one_end_with_1_and_the_others_still_run()
    {
        string folder = Directory.CreateTempSubdirectory("verify").FullName;
        try
        {
            string good = Path.Combine(folder, "good.npz"), cut = Path.Combine(folder, "cut.npz"), array = Path.Combine(folder, "array.npz");
            File.Copy(Goldens.PathOf("ops/relu__01.npz"), good);
            File.WriteAllBytes(cut, File.ReadAllBytes(good)[..200]);
            File.Copy(Goldens.PathOf("formats/npz/chainer_model.npz"), array);
            CommandRun run = CommandRun.Of("verify", folder, Path.Combine(folder, "none.npz"), "--quiet", "--json");
            Assert.Equal(1, run.Code);
            run.AssertOneLine();
            JsonElement[] cases = [.. JsonDocument.Parse(run.Output).RootElement.GetProperty("cases").EnumerateArray()];
            Assert.Equal([false, false, true], cases.Select(one => one.GetProperty("passed").GetBoolean()));
            Assert.Contains("there is none", cases[0].GetProperty("failure").GetString(), StringComparison.Ordinal);
            Assert.Equal(JsonValueKind.Null, cases[1].GetProperty("worst").ValueKind);
            run = CommandRun.Of("verify", good, "--quiet", "--device", "emulator", "--seed", "3");
            Assert.EndsWith("Emulator: 1 passed, 0 failed", run.Output.TrimEnd(), StringComparison.Ordinal);
            run = CommandRun.Of("verify", good, "--quiet");
            Assert.Equal(0, run.Code);
            Assert.EndsWith("1 passed, 0 failed", run.Output.TrimEnd(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
