using System.Collections.Immutable;
using ILGPU.Runtime;

namespace ILGPU;

/// <summary>The devices that a program works with.</summary>
public sealed class Context : IDisposable
{
    private Context(Builder builder)
    {
        Devices = [.. builder.Chosen];
        HasProfiling = builder.HasProfiling;
    }

    /// <summary>The devices that were asked for and are there.</summary>
    public ImmutableArray<Device> Devices { get; }

    internal bool HasProfiling { get; }

    /// <summary>Makes a context of the devices that <paramref name="choose"/> names.</summary>
    public static Context Create(Action<Builder> choose)
    {
        Builder builder = new();
        choose(builder);
        return new Context(builder);
    }

    /// <summary>Nothing of a context outlives it here; there for the sake of ILGPU's.</summary>
    public void Dispose()
    {
    }

    /// <summary>Names devices.</summary>
    public sealed class Builder
    {
        internal List<Device> Chosen { get; } = [];

        internal bool HasProfiling { get; private set; }

        /// <summary>Lets streams stamp times.</summary>
        public Builder Profiling()
        {
            HasProfiling = true;
            return this;
        }
    }
}
