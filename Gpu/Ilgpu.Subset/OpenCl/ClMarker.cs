namespace ILGPU.Runtime.OpenCL;

/// <summary>A marker event; its end is the moment at which everything before it in the queue was done.</summary>
internal sealed unsafe class ClMarker(nint stamp) : ProfilingMarker
{
    private nint stamp = stamp;

    ~ClMarker() => Dispose(false);

    private ulong Nanoseconds
    {
        get
        {
            const uint commandEnd = 0x1283;
            Synchronize();
            ulong value;
            Cl.Check(Cl.GetEventProfilingInfo(stamp, commandEnd, sizeof(ulong), &value, null), "clGetEventProfilingInfo");
            return value;
        }
    }

    public override void Synchronize()
    {
        nint waited = stamp;
        Cl.Check(Cl.WaitForEvents(1, &waited), "clWaitForEvents");
    }

    public override TimeSpan MeasureFrom(ProfilingMarker marker) => marker is ClMarker earlier
        ? TimeSpan.FromTicks((long)(Nanoseconds - earlier.Nanoseconds) / TimeSpan.NanosecondsPerTick)
        : throw new ArgumentException("ProfilingMarker.MeasureFrom: both marks are of one accelerator; the other is not OpenCL's; mark the same stream twice.");

    private protected override void Dispose(bool disposing)
    {
        if (stamp == 0)
            return;
        Cl.ReleaseEvent(stamp);
        stamp = 0;
    }
}
