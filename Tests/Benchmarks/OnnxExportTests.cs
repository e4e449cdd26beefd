using NativeFree.Autograd;
using NativeFree.Benchmarks;
using NativeFree.Kernels;
using NativeFree.Models;

namespace NativeFree.Tests.Benchmarks;

public class OnnxExportTests
{
    [Fact]
    public void Batch_norms_stay_nodes_and_every_convolution_is_written()
    {
        string path = Path.GetTempFileName();
        try
        {
            var model = new ResNet(50);
            var x = new Shape(1, 33, 47, 3);
            foreach ((_, NativeFree.Layers.Layer layer) in model.Descendants())
                layer.Initialize();
            OnnxExport.Save(model, model.Find("pool5"), x, path);
            ProtobufFields graph = ProtobufFields.Read(File.ReadAllBytes(path)).Message(7);
            ILookup<string, ProtobufFields> nodes = graph.Messages(1).ToLookup(node => node.Text(4));
            Assert.Equal(53, nodes["Conv"].Count());
            Assert.Equal(53, nodes["BatchNormalization"].Count());
            Assert.Equal(16, nodes["Add"].Count());
            Assert.Equal(49, nodes["Relu"].Count());
            Assert.Empty(nodes["Gemm"]);
            // Chainer's ResNet50 has no biases: a convolution reads x and W alone.
            Assert.All(nodes["Conv"].Skip(1), node => Assert.Equal(2, node.Texts(1).Length));
            Assert.Equal([1L, 2048], graph.Message(12).Message(2).Message(1).Message(2).Messages(1).Select(d => d.Integer(1)));
            // Every weight has the bytes that its shape asks for.
            Assert.All(graph.Messages(5), weight => Assert.Equal(weight.Integers(1).Aggregate(1L, (a, b) => a * b), weight.Floats(9).Length));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Pooling that rounds up, LRN, concat, rows of a dense layer, Keras's padding layers: ONNX Runtime must give our numbers at a size that is no power of two.</summary>
    [OnnxRuntimeTheory]
    [InlineData("googlenet", Origin.Chainer, 224, "loss2_fc2")]
    [InlineData("googlenet", Origin.Chainer, 231, "inception_5b")]
    [InlineData("resnet50", Origin.KerasOld, 97, "avg_pool")]
    [InlineData("resnet50", Origin.Keras, 75, "logits")]
    [InlineData("vgg16", Origin.Keras, 41, "block5_pool")]
    public void OnnxRuntime_computes_our_models(string name, Origin origin, int size, string layer)
    {
        using var run = new BenchmarkRun(new BenchmarkOptions { OnnxRuntime = OnnxRuntimeFactAttribute.Folder, Python = "/nowhere/python", Threads = 2 }, TextWriter.Null, CancellationToken.None);
        using var scope = new Scope();
        Model model = ModelZoo.Create(name, new ModelOptions { Origin = origin, Top = name != "vgg16" });
        model.To(run.Device);
        // A dense layer fixes the size; everything before it takes any. The values are as large as a picture's: small ones would leave LRN nothing to do.
        var shape = new Shape(2, size, layer == "loss2_fc2" ? size : size + 6, 3);
        Tensor x = Tensor.From(run.Device, shape, [.. Values.Of(shape.Count, 1).Select(value => 120 * value)]);
        Tensor y = model.Extract(x, [layer])[layer];
        string path = Path.Combine(run.Folder, "model.onnx");
        OnnxExport.Save(model, model.Find(layer), x.Shape, path);
        using PeerWork? work = run.Peers.LoadOnnx(path, [("x", OnnxExport.Axes(x.Shape), Values.Save(run.Folder, "x", x.ToNchw()))], OnnxExport.Axes(y.Shape));
        Assert.True(work is not null, string.Join('\n', run.Peers.Lines));
        Agreement.Check(work, run, y.ToNchw(), name);
    }
}

/// <summary>As <see cref="OnnxRuntimeFactAttribute"/>, for theories.</summary>
internal sealed class OnnxRuntimeTheoryAttribute : TheoryAttribute
{
    public OnnxRuntimeTheoryAttribute()
    {
        if (OnnxRuntimeFactAttribute.Folder is null)
            Skip = "NATIVEFREE_ONNXRUNTIME does not name a folder with onnxruntime-node";
    }
}
