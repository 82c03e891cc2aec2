using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class StreamTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_kept_comes_first_and_then_what_arrives_in_one_order()
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync();
        await emulator.PostAsync(key: null).RefusalAsync(401);
        await emulator.AcceptsAsync();
        using var stream = await StreamReading.OpenAsync(emulator);
        await stream.ResetAsync();
        await stream.BringsAsync(1, 2, 3);

        await emulator.PostAsync(key: null).RefusalAsync(401);
        await emulator.AcceptsAsync();
        await stream.BringsAsync(4, 5);
    }

    [Fact]
    public async Task One_that_connects_again_misses_nothing_and_gets_nothing_twice()
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync();
        string lastId;
        using (var stream = await StreamReading.OpenAsync(emulator))
        {
            await stream.ResetAsync();
            await stream.BringsAsync(1);
            lastId = stream.LastId;
        }

        for (var index = 0; index < 3; index++) await emulator.AcceptsAsync();
        using var again = await StreamReading.OpenAsync(emulator, lastId);
        await again.BringsAsync(2, 3, 4);
    }

    [Fact]
    public async Task Clearing_tells_to_begin_anew()
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync();
        using var stream = await StreamReading.OpenAsync(emulator);
        await stream.ResetAsync();
        await stream.BringsAsync(1);
        emulator.Clear();
        await stream.ResetAsync();
        await emulator.AcceptsAsync();

        await stream.BringsAsync(2);
    }

    [Fact]
    public async Task One_that_was_away_when_it_was_cleared_is_told_too()
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync();
        string lastId;
        using (var stream = await StreamReading.OpenAsync(emulator))
        {
            await stream.ResetAsync();
            await stream.BringsAsync(1);
            lastId = stream.LastId;
        }

        emulator.Clear();
        await emulator.AcceptsAsync();
        using var again = await StreamReading.OpenAsync(emulator, lastId);
        await again.ResetAsync();
        await again.BringsAsync(2);
    }

    [Theory]
    [InlineData("0badcafe.0.1")]
    [InlineData("1")]
    [InlineData("..")]
    public async Task A_place_of_another_run_is_no_place(string lastId)
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync();
        using var stream = await StreamReading.OpenAsync(emulator, lastId);
        await stream.ResetAsync();

        await stream.BringsAsync(1);
    }

    [Fact]
    public async Task It_can_begin_with_the_newest()
    {
        await using var emulator = await StartAsync();
        for (var index = 0; index < 4; index++) await emulator.AcceptsAsync();
        await emulator.PostAsync(key: null).RefusalAsync(401);
        using var stream = await StreamReading.OpenAsync(emulator, query: "?limit=2");
        await stream.ResetAsync();

        await stream.BringsAsync(4, 5);
        Assert.Equal("limit", (await emulator.SendAsync(HttpMethod.Get, "api/stream?limit=x").RefusalAsync(400)).Field);
    }

    [Fact]
    public async Task More_than_a_message_holds_is_whole()
    {
        await using var emulator = await StartAsync();
        for (var index = 0; index < 1_201; index++) await emulator.AcceptsAsync();
        using var stream = await StreamReading.OpenAsync(emulator);
        await stream.ResetAsync();

        await stream.BringsAsync([.. Enumerable.Range(1, 1_201)]);
    }

    [Fact]
    public async Task A_row_is_short_and_masked()
    {
        var options = TestData.Options();
        options.Slugs["خرید"] = "taqsq";
        await using var emulator = await MetrixEmulator.StartAsync(options, Cancel);
        var text = new string('x', 100) + TestData.Key + new string('x', 10_000);
        await emulator.AcceptsAsync(TestData.Event(("customAttributes", $$"""{"long":"{{text}}","شهر":"تهران"}""")));
        using var stream = await StreamReading.OpenAsync(emulator);
        var row = (await stream.NextAsync("arrivals")).Data[0];

        Assert.Equal("taqsq", row.GetProperty("slug").GetString());
        Assert.Equal("خرید", row.GetProperty("name").GetString());
        Assert.Equal("Android", row.GetProperty("platform").GetString());
        Assert.Equal("warned", row.GetProperty("verdict").GetString());
        Assert.Equal("تهران", row.GetProperty("data")[3].GetString());
        Assert.DoesNotContain(TestData.Key[..6], row.GetRawText());
        Assert.True(row.GetRawText().Length < 1_000, row.GetRawText());
    }

    [Fact]
    public async Task Faults_and_counts_are_told_when_they_change()
    {
        await using var emulator = await StartAsync();
        using var stream = await StreamReading.OpenAsync(emulator);
        Assert.Equal(0, (await stream.NextAsync("faults")).Data.GetArrayLength());
        emulator.Faults = [new EmulatorFault { StatusCode = 503, Requests = 1 }];
        Assert.Equal(503, (await stream.NextAsync("faults")).Data[0].GetProperty("status").GetInt32());
        await emulator.PostAsync();

        Assert.Equal(1, (await stream.NextAsync("stats")).Data.GetProperty("faulted").GetInt64());
        Assert.Equal(0, (await stream.NextAsync("faults")).Data.GetArrayLength());
    }

    [Fact]
    public async Task It_ends_with_the_emulator()
    {
        var emulator = await StartAsync();
        using var stream = await StreamReading.OpenAsync(emulator);
        await stream.NextAsync("faults");
        await emulator.DisposeAsync();

        await Assert.ThrowsAnyAsync<IOException>(() => stream.NextAsync("arrivals"));
    }

    private static Task<MetrixEmulator> StartAsync() => MetrixEmulator.StartAsync(TestData.Options(), Cancel);
}
