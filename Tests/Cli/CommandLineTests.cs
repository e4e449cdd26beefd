using System.Text.Json;
using NativeFree.Cli;

namespace NativeFree.Tests;

/// <summary>The contract of the command line: exit codes, help, and one line for every mistake.</summary>
[Collection("whole networks")]
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("clasify a.jpg")]
    [InlineData("classify")]
    [InlineData("classify a.jpg --wieghts b")]
    [InlineData("classify a.jpg --top 0")]
    [InlineData("classify a.jpg --top five")]
    [InlineData("classify a.jpg --model resnet34")]
    [InlineData("classify a.jpg --filter cubic")]
    [InlineData("classify a.jpg --device tpu")]
    [InlineData("classify a.jpg --device cuda:x")]
    [InlineData("classify a.jpg --threads -1")]
    [InlineData("classify a.jpg")]
    [InlineData("extract a.jpg --model resnet50")]
    [InlineData("models resnet18")]
    [InlineData("models googlenet --origin keras")]
    [InlineData("models resnet50 --origin tensorflow")]
    [InlineData("inspect")]
    public void Wrong_usage_ends_with_2_and_one_line(string arguments)
    {
        CommandRun run = CommandRun.Of(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((2, ""), (run.Code, run.Output));
        run.AssertOneLine();
    }

    [Theory]
    [InlineData("devices --here", "devices ")]
    [InlineData("segment train --data d", "segment train ")]
    [InlineData("segment", "segment ")]
    [InlineData("clasify", "")]
    public void Wrong_usage_names_the_help_of_its_command(string arguments, string command) =>
        Assert.EndsWith($" Try 'nativefree {command}--help'.", CommandRun.Of(arguments.Split(' ')).Error.Trim(), StringComparison.Ordinal);

    [Fact]
    public void A_name_that_is_nearly_right_is_recognised()
    {
        Assert.Contains("got 'resnet500'; perhaps 'resnet50'", CommandRun.Of("models", "resnet500").Error, StringComparison.Ordinal);
        Assert.Contains("got 'bicubik'; perhaps 'bicubic'", CommandRun.Of("classify", "a", "--filter", "bicubik").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("devices")]
    [InlineData("models")]
    [InlineData("inspect")]
    [InlineData("classify")]
    [InlineData("extract")]
    [InlineData("verify")]
    [InlineData("demo")]
    [InlineData("finetune")]
    [InlineData("segment train")]
    [InlineData("segment predict")]
    public void Help_shows_an_example(string command)
    {
        CommandRun run = CommandRun.Of([.. command.Split(' '), "--help"]);
        Assert.Equal(0, run.Code);
        Assert.Contains($"nativefree {command}", run.Output, StringComparison.Ordinal);
        Assert.Contains("--threads", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inspect", "nothing.h5")]
    [InlineData("classify", "nothing.jpg", "--weights", "nothing.npz")]
    [InlineData("classify", "nothing.jpg", "--device", "cuda:7", "--model", "resnet50")]
    public void A_missing_file_or_device_ends_with_1_and_one_line(params string[] arguments)
    {
        CommandRun run = CommandRun.Of(arguments);
        Assert.Equal((1, ""), (run.Code, run.Output));
        run.AssertOneLine();
    }

    [Fact]
    public void Devices_are_listed_with_reasons()
    {
        JsonElement cpu = CommandRun.Json("devices", "--json").GetProperty("devices").EnumerateArray().Single(device => device.GetProperty("kind").GetString() == "cpu");
        Assert.Equal(["name", "kind", "index", "used", "reason", "memory_bytes"], cpu.EnumerateObject().Select(item => item.Name));
        Assert.True(cpu.GetProperty("memory_bytes").GetInt64() > 0);
        Assert.Contains("CPU", CommandRun.Of("devices").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_models_layers_are_listed_channels_first()
    {
        JsonElement model = CommandRun.Json("models", "resnet50", "--json");
        Assert.Equal(["model", "origin", "parameters", "flops", "layers"], model.EnumerateObject().Select(item => item.Name));
        Assert.Equal(("chainer", 25_557_096), (model.GetProperty("origin").GetString(), model.GetProperty("parameters").GetInt64()));
        JsonElement[] layers = [.. model.GetProperty("layers").EnumerateArray()];
        Assert.Equal(["conv1", "pool1", "res2", "res3", "res4", "res5", "pool5", "fc6", "prob"], layers.Select(layer => layer.GetProperty("name").GetString()));
        Assert.Equal([1, 64, 112, 112], layers[0].GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32()));
        Assert.Equal(model.GetProperty("flops").GetInt64(), layers.Sum(layer => layer.GetProperty("flops").GetInt64()));
        Assert.Equal(25_557_096, layers.Sum(layer => layer.GetProperty("parameters").GetInt64()));
        Assert.Equal(25_636_712, CommandRun.Json("models", "resnet50", "--origin", "keras", "--json").GetProperty("layers").EnumerateArray().Sum(layer => layer.GetProperty("parameters").GetInt64()));
        Assert.Contains("138,357,544 parameters", CommandRun.Of("models", "vgg16").Output, StringComparison.Ordinal);
        Assert.Contains("googlenet", CommandRun.Of("models").Output, StringComparison.Ordinal);
        Assert.Equal(["resnet50"], CommandRun.Json("models", "--json", "--origin", "keras-old").GetProperty("models").EnumerateArray().Select(each => each.GetProperty("model").GetString()));
    }

    [Fact]
    public void Progress_says_rate_and_remaining_time() =>
        Assert.Equal("30/90, 3.0 a second, 20 s to go", ProgressLine.Line(30, 90, TimeSpan.FromSeconds(10)));
}
