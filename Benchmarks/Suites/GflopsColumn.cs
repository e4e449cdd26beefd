using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace NativeFree.Benchmarks.Suites;

/// <summary>GFLOP/s of the median call, where the suite's parameter knows its operations.</summary>
internal sealed class GflopsColumn : IColumn
{
    public string Id => "Gflops";

    public string ColumnName => "GFLOP/s";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => "Operations of the definition per nanosecond of the median call";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        IHasFlops? work = benchmarkCase.Parameters.Items.Select(item => item.Value).OfType<IHasFlops>().FirstOrDefault();
        return work is not null && summary[benchmarkCase]?.ResultStatistics is { } statistics ? (work.Flops / statistics.Median).ToString("F0", CultureInfo.InvariantCulture) : "";
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;
}
