using NativeFree.Autograd;

namespace NativeFree.Tests.Autograd;

/// <summary>How steps are cut into stretches: by what their values, filters and operations ask of a cache with room for 100 bytes of either.</summary>
public sealed class PlanStretchTests
{
    private const long Room = 100;
    private const int Pictures = 12;

    [Fact]
    public void Steps_that_would_wait_run_with_those_before_them_for_as_many_pictures_as_fit()
    {
        Assert.Equal([new(0, 4, 3), new(4, 5, 1)], Cut([Of(60), Of(210), Of(30), Of(240), Of(60)]));
        // Five parts of twelve pictures do not go: six do; and where no divisor fits, each picture is a part.
        Assert.Equal([new(0, 2, 6)], Cut([Of(60), Of(401)]));
        Assert.Equal([new(0, 2, 7)], PlanStretch.Cut([Of(60), Of(201)], 7, Room));
        Assert.Equal([new(0, 2, 1)], Cut([Of(60), Of(100)]));
        Assert.Empty(Cut([]));
    }

    [Fact]
    public void A_stretch_ends_before_a_step_that_mixes_pictures()
    {
        Assert.Equal([new(0, 2, 3), new(2, 3, 1), new(3, 5, 2)], Cut([Of(210), Of(250), Of(250) with { Splits = false }, Of(60), Of(130)]));
        Assert.Equal([new(0, 2, 1)], Cut([Of(250) with { Splits = false }, Of(250)]));
    }

    [Fact]
    public void Filters_have_their_own_room_and_the_rest_begins_anew()
    {
        Assert.Equal([new(0, 2, 3), new(2, 4, 2)], Cut([Of(210) with { Filters = 40 }, Of(250) with { Filters = 60 }, Of(60) with { Filters = 99 }, Of(130) with { Filters = 1 }]));
        // What comes before and leaves no room for the filters of the step that waits is left out.
        Assert.Equal([new(0, 1, 1), new(1, 3, 3)], Cut([Of(60) with { Filters = 60 }, Of(60) with { Filters = 30 }, Of(250) with { Filters = 50 }]));
        Assert.Equal([new(0, 2, 1)], Cut([Of(250) with { Filters = 101 }, Of(250)]));
    }

    [Fact]
    public void Nothing_is_gained_by_one_step_by_busy_steps_and_by_pictures_too_large_for_the_cache()
    {
        Assert.Equal([new(0, 3, 1)], Cut([Of(250), Of(60), Of(60)]));
        Assert.Equal([new(0, 2, 1)], Cut([Of(250), Of(250) with { Operations = 12_500 }]));
        Assert.Equal([new(0, 2, 3)], Cut([Of(250), Of(250) with { Operations = 12_499 }]));
        Assert.Equal([new(0, 2, 1)], Cut([Of(60), Of(51 * Pictures)]));
        Assert.Equal([new(0, 2, 6)], Cut([Of(60), Of(50 * Pictures)]));
    }

    private static PlanStretch.Load Of(long values) => new(values, 0, 0, true);

    private static List<PlanStretch> Cut(PlanStretch.Load[] steps) => PlanStretch.Cut(steps, Pictures, Room);
}
