using System.Text.Json;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary><c>finetune</c>, <c>segment train</c> and <c>segment predict</c> from the command line to the files, on pictures of a few pixels.</summary>
[Collection("whole networks")]
public sealed class TrainingCommandTests
{
    [Fact]
    public void Finetune_learns_classes_and_classify_answers_with_their_names()
    {
        using var folder = new TemporaryFolder();
        string data = TrainingPictures.Folders(folder, 6), output = folder.File("run.npz"), log = folder.File("run.csv"), export = folder.File("final.h5");
        string[] common = ["--data", data, "--model", "resnet50", "--weights", "none", "--size", "33", "--batch", "5", "--tap", "conv1", "--hidden", "7", "--average", "--seed", "3", "--validation", "0.34"];
        JsonElement answer = CommandRun.Json(["finetune", .. common, "--epochs", "3", "--lr", "0.01", "--output", output, "--log", log, "--json"]);
        Assert.Equal(["model", "origin", "device", "classes", "samples", "epochs", "ended", "weights_of_epoch", "peak_bytes", "output"], answer.EnumerateObject().Select(item => item.Name));
        Assert.Equal(["blue", "red"], answer.GetProperty("classes").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal((8, 4), (answer.GetProperty("samples").GetProperty("training").GetInt32(), answer.GetProperty("samples").GetProperty("validation").GetInt32()));
        Assert.Equal(3, answer.GetProperty("epochs").GetArrayLength());
        Assert.Equal(["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds"], answer.GetProperty("epochs")[2].EnumerateObject().Select(item => item.Name));
        Assert.Equal(4, File.ReadAllLines(log).Length);
        JsonElement top = CommandRun.Json("classify", Path.Combine(data, "red", "0.png"), "--weights", output, "--json", "--top", "2").GetProperty("results")[0].GetProperty("top");
        Assert.Equal(["blue", "red"], top.EnumerateArray().Select(each => each.GetProperty("label").GetString()).Order(StringComparer.Ordinal));
        // Going on to a fifth epoch gives what five at once give.
        string straight = folder.File("straight.npz");
        Assert.Equal(0, CommandRun.Of(["finetune", .. common, "--epochs", "5", "--lr", "0.01", "--output", straight, "--quiet"]).Code);
        Assert.Equal(0, CommandRun.Of(["finetune", .. common, "--epochs", "5", "--lr", "0.01", "--output", output, "--resume", "--quiet"]).Code);
        Assert.Equal(Weights(straight), Weights(output));
        // Other options than those it began with are refused.
        CommandRun other = CommandRun.Of(["finetune", .. common, "--epochs", "6", "--lr", "0.02", "--output", output, "--resume"]);
        Assert.Equal(1, other.Code);
        Assert.Contains("began with --lr 0.01", other.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(export));
    }

    [Fact]
    public void A_frozen_bases_features_are_computed_once_and_give_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        string data = TrainingPictures.Folders(folder, 6), kept = folder.File("kept"), stored = folder.File("stored.npz"), again = folder.File("again.npz"), plain = folder.File("plain.npz");
        string[] common = ["finetune", "--data", data, "--model", "vgg16", "--weights", "none", "--size", "35", "--batch", "5", "--tap", "pool2", "--freeze", "--epochs", "2", "--lr", "0.01", "--seed", "4", "--quiet"];
        Assert.Equal(0, CommandRun.Of([.. common, "--output", stored, "--feature-cache", kept]).Code);
        string[] files = Directory.GetFiles(kept);
        Assert.Equal(2, files.Length); // to learn from and to validate with
        DateTime written = File.GetLastWriteTimeUtc(files[0]);
        Assert.Equal(0, CommandRun.Of([.. common, "--output", again, "--feature-cache", kept]).Code);
        Assert.Equal(written, File.GetLastWriteTimeUtc(files[0]));
        // With bad pictures to be skipped nothing is stored, and the base runs in every step.
        Assert.Equal(0, CommandRun.Of([.. common, "--output", plain, "--skip-bad", "--feature-cache", folder.File("unused")]).Code);
        Assert.False(Directory.Exists(folder.File("unused")));
        Assert.Equal(Weights(stored), Weights(again));
        Assert.Equal(Weights(stored), Weights(plain));
        // A picture that changed is computed anew.
        File.SetLastWriteTimeUtc(Path.Combine(data, "red", "0.png"), new DateTime(2020, 2, 3, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(0, CommandRun.Of([.. common, "--output", again, "--feature-cache", kept]).Code);
        Assert.Equal(3, Directory.GetFiles(kept).Length);
    }

    [Fact]
    public void Segment_train_and_predict_at_the_photos_own_size()
    {
        using var folder = new TemporaryFolder();
        string data = TrainingPictures.Pets(folder, 7), output = folder.File("unet.npz"), masks = folder.File("masks"), photo = Path.Combine(data, "images", "pet_1.png");
        JsonElement answer = CommandRun.Json(
            "segment", "train", "--data", data, "--model", "unet", "--width", "2", "--size", "32", "--batch", "3", "--epochs", "2", "--validation", "0.3", "--augment", "--patience", "5", "--output", output, "--json");
        Assert.Contains("mean_iou", answer.GetProperty("epochs")[0].EnumerateObject().Select(item => item.Name));
        Assert.Equal("all epochs were done", answer.GetProperty("ended").GetString());
        JsonElement result = CommandRun.Json("segment", "predict", photo, "--weights", output, "--output", masks, "--probabilities", "--json").GetProperty("results")[0];
        Assert.Equal(["pet", "background", "border"], result.GetProperty("classes").EnumerateArray().Select(item => item.GetProperty("label").GetString()));
        Image mask = ImageFile.LoadMask(Path.Combine(masks, "pet_1.png"));
        Assert.Equal((41, 29), (mask.Height, mask.Width));
        Assert.Equal((41, 29, 3), ImageFile.Load(Path.Combine(masks, "pet_1_overlay.png")) is var overlay ? (overlay.Height, overlay.Width, overlay.Channels) : default);
        Dictionary<string, ReferenceArray> stored = ReferenceArray.LoadAll(Path.Combine(masks, "pet_1.npz"));
        Assert.Equal([3, 41, 29], stored["probabilities"].Shape);
        float[] p = stored["probabilities"].As<float>();
        for (int i = 0; i < 41 * 29; i++)
        {
            float[] each = [p[i], p[(41 * 29) + i], p[(2 * 41 * 29) + i]];
            Assert.Equal(1, each.Sum(), 1e-5f);
            Assert.Equal(Array.IndexOf(each, each.Max()), mask.Pixels[i]);
        }
        // The photos are not written over, and a file is no folder.
        byte[] before = File.ReadAllBytes(photo);
        Refused($"{photo} is one; name another folder", "segment", "predict", photo, "--weights", output, "--output", Path.GetDirectoryName(photo)!);
        Assert.Equal(before, File.ReadAllBytes(photo));
        Refused($"{output}: --output names a folder; a file lies there", "segment", "predict", photo, "--weights", output, "--output", output);
        // What has no pixels' classes is refused, and so is an input that is no photo.
        Assert.Equal(1, CommandRun.Of("segment", "predict", photo, "--weights", Cli.BundledFiles.PathOf("weights", "chainer_resnet50_seed1.npz"), "--output", masks).Code);
        Assert.Equal(1, CommandRun.Of("segment", "predict", Path.Combine(data, "annotations", "trainval.txt"), "--weights", output, "--output", masks).Code);

        void Refused(string reason, params string[] arguments)
        {
            CommandRun run = CommandRun.Of(arguments);
            Assert.Equal((1, ""), (run.Code, run.Output));
            run.AssertOneLine();
            Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_encoder_comes_from_a_resnet50_and_stays_as_it_is_when_frozen()
    {
        using var folder = new TemporaryFolder();
        string data = TrainingPictures.Pets(folder, 3), output = folder.File("unet.npz");
        string weights = Cli.BundledFiles.PathOf("weights", "keras3_resnet50_top_seed1.h5.gz");
        CommandRun run = CommandRun.Of("segment", "train", "--data", data, "--weights", weights, "--width", "2", "--size", "32", "--batch", "3", "--epochs", "1", "--validation", "0", "--freeze", "--output", output);
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("unet-resnet50 (keras), 3 classes, 1 epoch, weights of epoch 1, loss ", run.Output, StringComparison.Ordinal);
        Model encoder = ModelLoader.Load(weights), trained = ModelLoader.Load(output);
        foreach (string path in (string[])["conv1_conv", "conv3_block2_1_conv", "conv5_block3_3_bn"])
        {
            Assert.Equal(encoder[path].Parameters[0].Value.ToArray(), trained[path].Parameters[0].Value.ToArray());
            Assert.Equal(encoder[path].Statistics.Select(each => each.Value.ToArray()), trained[path].Statistics.Select(each => each.Value.ToArray()));
        }
    }

    [Theory]
    [InlineData("finetune --data d")]
    [InlineData("finetune --output o")]
    [InlineData("finetune --data d --output o.npz --epochs -1 --model vgg16")]
    [InlineData("finetune --data d --output o.npz --lr 0")]
    [InlineData("finetune --data d --output o.npz --lr nan")]
    [InlineData("finetune --data d --output o.npz --batch 0")]
    [InlineData("finetune --data d --output o.npz --validation 1")]
    [InlineData("finetune --data d --output o.npz --freeze --base-lr-scale 0.1")]
    [InlineData("finetune --data d --output o.npz --hidden 5,x")]
    [InlineData("finetune --data d --output o.npz --hidden 5 --dropout 1")]
    [InlineData("finetune --data d --output o.npz --tap pool5 --dropout 0.5")]
    [InlineData("finetune --data d --output o.npz --model unet")]
    [InlineData("finetune --data d --output o.npz --optimizer adamw")]
    [InlineData("segment")]
    [InlineData("segment train --data d")]
    [InlineData("segment train --data d --output o.npz --model vgg16")]
    [InlineData("segment train --data d --output o.npz --width 0")]
    [InlineData("segment predict a.jpg --output m")]
    public void Wrong_usage_ends_with_2_and_one_line(string arguments)
    {
        CommandRun run = CommandRun.Of(arguments.Split(' '));
        Assert.Equal((2, ""), (run.Code, run.Output));
        run.AssertOneLine();
    }

    [Fact]
    public void Bad_data_is_one_line_each_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        string data = TrainingPictures.Folders(folder, 3), output = folder.File("run.npz");
        string[] tail = ["--model", "resnet50", "--weights", "none", "--size", "33", "--tap", "conv1", "--epochs", "1", "--output", output, "--quiet"];
        Refused("there is nothing at that path", ["finetune", "--data", folder.File("nowhere"), .. tail]);
        Refused("make the folder", ["finetune", "--data", data, .. tail[..^2], Path.Combine(folder.Path, "none", "run.npz")]);
        Refused("pictures: both parts of the data have a picture; --validation 0.01 of 6 holds 0 out; give another share, or 0 to validate with none", ["finetune", "--data", data, "--validation", "0.01", .. tail]);
        Directory.CreateDirectory(Path.Combine(data, "green"));
        Refused("a class has at least one JPEG or PNG file", ["finetune", "--data", data, .. tail]);
        Directory.Delete(Path.Combine(data, "green"));
        string broken = Path.Combine(data, "red", "0.png");
        File.WriteAllText(broken, "no picture");
        Refused("0.png", ["finetune", "--data", data, "--validation", "0", .. tail]);
        CommandRun skipped = CommandRun.Of(["finetune", "--data", data, "--validation", "0", "--skip-bad", .. tail]);
        Assert.Equal(0, skipped.Code);
        Assert.Contains("left out: ", skipped.Error, StringComparison.Ordinal);
        File.Delete(output);
        string pets = TrainingPictures.Pets(folder, 5);
        string[] segment = ["segment", "train", "--data", pets, "--model", "unet", "--width", "2", "--size", "16", "--epochs", "1", "--validation", "0", "--output", output, "--quiet"];
        string mask = Path.Combine(pets, "annotations", "trimaps", "pet_2.png");
        byte[] whole = File.ReadAllBytes(mask);
        ImageFile.SavePng(mask, new Image(41, 29, 1, [.. Enumerable.Repeat((byte)7, 41 * 29)]));
        Refused("a trimap holds 1 (pet), 2 (background) and 3 (border); got 7", segment);
        ImageFile.SavePng(mask, new Image(5, 29, 1, [.. Enumerable.Repeat((byte)1, 5 * 29)]));
        Refused("a mask has one channel and its picture's size", segment);
        File.Delete(mask);
        Refused("a picture in the list has a trimap of its name; there is none", segment);
        File.WriteAllBytes(mask, whole);
        Refused("--data names a folder or a CSV list", ["segment", "train", "--data", pets + "x", .. segment[4..]]);

        void Refused(string reason, params string[] arguments)
        {
            CommandRun run = CommandRun.Of(arguments);
            Assert.Equal((1, ""), (run.Code, run.Output));
            run.AssertOneLine();
            Assert.Contains(reason, run.Error, StringComparison.Ordinal);
            Assert.False(File.Exists(output));
        }
    }

    private static Dictionary<string, string> Weights(string checkpoint) => ReferenceArray.LoadAll(checkpoint)
        .Where(item => item.Key.StartsWith("model/", StringComparison.Ordinal)).ToDictionary(item => item.Key, item => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(item.Value.Data)));
}
