using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Tests.Operators;

/// <summary>The runner of operator cases must not pass what it does not know.</summary>
public sealed class CaseRunnerTests
{
    private static readonly Shape Two = new(2);

    [Theory]
    [InlineData("""{"op": "relu", "attributes": {}, "tolerance": {"y": 0}}""", null)]
    [InlineData("""{"op": "reluu", "attributes": {}, "tolerance": {"y": 0}}""", "'reluu' is no operator")]
    [InlineData("""{"op": "relu", "attributes": {"slope": 1}, "tolerance": {"y": 0}}""", "relu has no attribute 'slope'")]
    [InlineData("""{"op": "relu", "attributes": {}, "tolerance": {}}""", "'y' has no tolerance")]
    [InlineData("""{"op": "relu", "attributes": {}, "tolerance": {"y": -1}}""", "the tolerance of 'y' is a number from 0")]
    [InlineData("""{"op": "relu", "attributes": {}}""", "the case has a tolerance for each result")]
    [InlineData("""{"op": "relu", "tolerance": {"y": 0}}""", "the case has attributes")]
    [InlineData("""{"attributes": {}, "tolerance": {"y": 0}}""", "the case names its op")]
    [InlineData("""{"op": "leaky_relu", "attributes": {}, "tolerance": {"y": 0}}""", "attribute 'slope' is missing")]
    [InlineData("""{"op": "leaky_relu", "attributes": {"slope": "x"}, "tolerance": {"y": 0}}""", "attribute 'slope' is a number")]
    [InlineData("""{"op": "leaky_relu", "attributes": {"slope": -1}, "tolerance": {"y": 0}}""", "LeakyRelu: the slope is finite and not negative")]
    [InlineData("""{"op": "max_pooling2d", "attributes": {"ksize": [1]}, "tolerance": {"y": 0}}""", "attribute 'ksize' is 2 whole numbers")]
    [InlineData("""{"op": "relu" """, "")]
    public void An_unknown_thing_is_a_failure(string json, string? failure)
    {
        CaseResult result = CaseRunner.Run(CpuDevice.Default, json, Arrays([1, -1], [1, 0]));
        Assert.Equal(failure is null, result.Passed);
        Assert.Equal(failure is null, result.Failure is null);
        Assert.StartsWith(failure ?? "", result.Failure ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void An_array_that_nobody_asked_for_is_a_failure()
    {
        Dictionary<string, CaseArray> arrays = Arrays([1, -1], [1, 0]);
        arrays.Add("gw", new CaseArray(Two, new float[2]));
        Assert.Equal("relu has no array 'gw'", CaseRunner.Run(CpuDevice.Default, """{"op": "relu", "attributes": {}, "tolerance": {"y": 0}}""", arrays).Failure);
    }

    [Theory]
    [InlineData(new float[] { 1, 0 }, 0.0, true)]
    [InlineData(new float[] { 1, 0.001f }, 0.0011, true)]
    [InlineData(new float[] { 1, 0.001f }, 0.0009, false)]
    [InlineData(new float[] { 1, float.NaN }, 1e9, false)]
    [InlineData(new float[] { float.PositiveInfinity, 0 }, 1e9, false)]
    public void Errors_are_measured_by_the_largest_stored_value_and_nan_fails(float[] y, double tolerance, bool passes)
    {
        string json = """{"op": "relu", "attributes": {}, "tolerance": {"y": T}}""".Replace("T", tolerance.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        CaseResult result = CaseRunner.Run(CpuDevice.Default, json, Arrays([1, -1], y));
        Assert.Null(result.Failure);
        Assert.Equal(passes, result.Passed);
        Assert.Equal("y", result.Worst!.Value.Array);
    }

    [Fact]
    public void A_result_with_nan_fails_although_the_stored_value_is_a_number()
    {
        CaseResult result = CaseRunner.Run(CpuDevice.Default, """{"op": "relu", "attributes": {}, "tolerance": {"y": 1e9}}""", Arrays([float.NaN, -1], [1, 0]));
        Assert.False(result.Passed);
        Assert.True(double.IsNaN(result.Arrays[0].Error));
        Assert.Equal(double.PositiveInfinity, result.Arrays[0].Ratio);
    }

    [Fact]
    public void Every_operator_of_the_bundled_cases_is_known()
    {
        string[] missing = [.. CaseRunner.Operators.Except(Goldens.Files("ops", "*.npz").Select(file => CaseOp(file)))];
        Assert.True(missing.Length == 0, $"no case for {string.Join(", ", missing)}");

        static string CaseOp(string file) => OperatorCaseFile.Load(Goldens.PathOf(file)).Run(CpuDevice.Default).Op;
    }

    private static Dictionary<string, CaseArray> Arrays(float[] x, float[] y) => new() { ["x"] = new CaseArray(Two, x), ["y"] = new CaseArray(Two, y) };
}
