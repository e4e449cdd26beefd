using NativeFree.Benchmarks;
using NativeFree.Kernels;

namespace NativeFree.Tests.Benchmarks;

public class OnnxModelTests
{
    [Fact]
    public void Fields_are_written_as_the_encoding_page_shows()
    {
        // protobuf.dev/programming-guides/encoding: field 1 = 150 is 08 96 01; field 2 = "testing" is 12 07 and the letters; field 3 = { field 1 = 150 } is 1a 03 08 96 01.
        ProtobufMessage message = new ProtobufMessage().Integer(1, 150).Text(2, "testing").Nested(3, new ProtobufMessage().Integer(1, 150));
        Assert.Equal("089601120774657374696E671A03089601", Hex(message));
    }

    [Fact]
    public void Floats_and_negative_integers_keep_their_bits()
    {
        ProtobufMessage message = new ProtobufMessage().Float(2, 1).Integer(1, -1).Values(9, new float[] { 1, -2 });
        Assert.Equal("150000803F08FFFFFFFFFFFFFFFFFF014A080000803F000000C0", Hex(message));
    }

    [Fact]
    public void A_model_holds_nodes_weights_input_and_output_in_their_fields()
    {
        string path = Path.GetTempFileName();
        try
        {
            var model = new OnnxModel();
            var g = ConvolutionGeometry.Create(new Shape(1, 5, 7, 2), new Shape(3, 2, 2, 3), (2, 1), new Padding(1, 0, 1, 1), (1, 1), 1);
            float[] w = Noise.Of(g.FilterShape.Count, 1);
            string y = model.Convolution(model.Input("x", 1, 2, 5, 7), w, g, [1, 2, 3]);
            model.Output(y, 1, 3, 3, 7);
            model.Save(path);

            ProtobufFields file = ProtobufFields.Read(File.ReadAllBytes(path));
            Assert.Equal(7, file.Integer(1));
            Assert.Equal(13, file.Message(8).Integer(2));
            ProtobufFields graph = file.Message(7), node = graph.Message(1);
            Assert.Equal(["x", "w0", "w1"], node.Texts(1));
            Assert.Equal("Conv", node.Text(4));
            Assert.Equal(["strides 2 1", "pads 1 0 1 1", "dilations 1 1", "group 1"], node.Messages(5).Select(a => $"{a.Text(1)} {string.Join(' ', a.Integers(a.Integer(20) == 7 ? 8 : 3))}"));
            Assert.Equal(node.Text(2), graph.Message(12).Text(1));
            Assert.Equal([1, 2, 5, 7], graph.Message(11).Message(2).Message(1).Message(2).Messages(1).Select(d => d.Integer(1)));

            ProtobufFields filter = graph.Messages(5)[0];
            Assert.Equal([3, 2, 3, 2], filter.Integers(1));
            float[] turned = filter.Floats(9);
            // [R, S, I, O] → [O, I, R, S]: element (r, s, i, o) = (2, 1, 0, 2).
            Assert.Equal(w[(((((2 * 2) + 1) * 2) + 0) * 3) + 2], turned[(((((2 * 2) + 0) * 3) + 2) * 2) + 1]);
            Assert.Equal([1f, 2, 3], graph.Messages(5)[1].Floats(9));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_model_without_output_is_refused() => Assert.Throws<InvalidOperationException>(() => new OnnxModel().Save(Path.GetTempFileName()));

    private static string Hex(ProtobufMessage message)
    {
        using var memory = new MemoryStream();
        message.WriteTo(memory);
        Assert.Equal(message.Length, memory.Length);
        return Convert.ToHexString(memory.ToArray());
    }
}
