using System.CommandLine;
using NativeFree.Loaders;

namespace NativeFree.Cli;

/// <summary><c>--prefix</c> and <c>--rename</c>: files whose arrays or layers have other names than the model's.</summary>
internal sealed class WeightNameOptions
{
    private readonly Option<string?> prefix = new("--prefix")
    {
        Description = "What the names in the weight file begin with, to be taken away: predictor/ (Chainer, where it is not found by " +
            "itself), encoder_ (Keras).",
        HelpName = "TEXT",
    };

    private readonly Option<string[]> rename = new("--rename")
    {
        Description = "Another name for arrays (Chainer) or layers (Keras) before they are compared with the model's; one * stands for " +
            "any run: " +
            "--rename head=predictions --rename 'b*_conv3=block*_conv3'. The first rule that fits counts.",
        HelpName = "FROM=TO",
        AllowMultipleArgumentsPerToken = false,
    };

    public WeightNameOptions(Command command)
    {
        command.Options.Add(prefix);
        command.Options.Add(rename);
        rename.Validators.Add(result =>
        {
            foreach (string rule in result.Tokens.Select(token => token.Value)
                .Where(rule => rule.IndexOf('=', StringComparison.Ordinal) < 1))
                result.AddError($"--rename: a rule is FROM=TO; got '{rule}'.");
        });
    }

    /// <summary>The options with what was given here.</summary>
    public LoadOptions Apply(ParseResult parsed, LoadOptions options) => options with
    {
        Prefix = parsed.GetValue(prefix),
        Renames = [.. (parsed.GetValue(rename) ?? []).Select(rule => rule.Split('=', 2)).Select(parts => (parts[0], parts[1]))],
    };
}
