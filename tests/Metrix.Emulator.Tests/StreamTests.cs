using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class StreamTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_sends_kept_requests_first_and_then_new_ones_in_order()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync();
        await emulator.PostAsync(key: null).ReadRejectionAsync(401);
        await emulator.SendAcceptedAsync();
        using var stream = await StreamClient.OpenAsync(emulator);
        await stream.AssertResetAsync();
        await stream.AssertArrivalsAsync(1, 2, 3);

        await emulator.PostAsync(key: null).ReadRejectionAsync(401);
        await emulator.SendAcceptedAsync();
        await stream.AssertArrivalsAsync(4, 5);
    }

    [Fact]
    public async Task Client_that_reconnects_misses_nothing_and_receives_nothing_twice()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync();
        string lastId;
        using (var stream = await StreamClient.OpenAsync(emulator))
        {
            await stream.AssertResetAsync();
            await stream.AssertArrivalsAsync(1);
            lastId = stream.LastId;
        }

        for (var index = 0; index < 3; index++) await emulator.SendAcceptedAsync();
        using var again = await StreamClient.OpenAsync(emulator, lastId);
        await again.AssertArrivalsAsync(2, 3, 4);
    }

    [Fact]
    public async Task Clear_sends_a_reset()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync();
        using var stream = await StreamClient.OpenAsync(emulator);
        await stream.AssertResetAsync();
        await stream.AssertArrivalsAsync(1);
        emulator.Clear();
        await stream.AssertResetAsync();
        await emulator.SendAcceptedAsync();

        await stream.AssertArrivalsAsync(2);
    }

    [Fact]
    public async Task Client_that_reconnects_after_a_clear_receives_a_reset()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync();
        string lastId;
        using (var stream = await StreamClient.OpenAsync(emulator))
        {
            await stream.AssertResetAsync();
            await stream.AssertArrivalsAsync(1);
            lastId = stream.LastId;
        }

        emulator.Clear();
        await emulator.SendAcceptedAsync();
        using var again = await StreamClient.OpenAsync(emulator, lastId);
        await again.AssertResetAsync();
        await again.AssertArrivalsAsync(2);
    }

    [Theory]
    [InlineData("0badcafe.0.1")]
    [InlineData("1")]
    [InlineData("..")]
    public async Task Position_of_another_run_is_ignored(string lastId)
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync();
        using var stream = await StreamClient.OpenAsync(emulator, lastId);
        await stream.AssertResetAsync();

        await stream.AssertArrivalsAsync(1);
    }

    [Fact]
    public async Task Limit_starts_the_stream_with_the_newest_requests()
    {
        await using var emulator = await StartAsync();
        for (var index = 0; index < 4; index++) await emulator.SendAcceptedAsync();
        await emulator.PostAsync(key: null).ReadRejectionAsync(401);
        using var stream = await StreamClient.OpenAsync(emulator, query: "?limit=2");
        await stream.AssertResetAsync();

        await stream.AssertArrivalsAsync(4, 5);
        Assert.Equal(
            "limit", (await emulator.SendAsync(HttpMethod.Get, "api/stream?limit=x").ReadRejectionAsync(400)).Field);
    }

    [Fact]
    public async Task Requests_beyond_the_size_of_a_message_are_all_sent()
    {
        await using var emulator = await StartAsync();
        for (var index = 0; index < 1_201; index++) await emulator.SendAcceptedAsync();
        using var stream = await StreamClient.OpenAsync(emulator);
        await stream.AssertResetAsync();

        await stream.AssertArrivalsAsync([.. Enumerable.Range(1, 1_201)]);
    }

    [Fact]
    public async Task Row_is_truncated_and_masked()
    {
        var options = TestData.Options();
        options.Slugs["خرید"] = "taqsq";
        await using var emulator = await MetrixEmulator.StartAsync(options, Cancel);
        var text = new string('x', 100) + TestData.Key + new string('x', 10_000);
        await emulator.SendAcceptedAsync(
            TestData.Event(("customAttributes", $$"""{"long":"{{text}}","شهر":"تهران"}""")));
        using var stream = await StreamClient.OpenAsync(emulator);
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
    public async Task Stream_sends_faults_and_counts_when_they_change()
    {
        await using var emulator = await StartAsync();
        using var stream = await StreamClient.OpenAsync(emulator);
        Assert.Equal(0, (await stream.NextAsync("faults")).Data.GetArrayLength());
        emulator.Faults = [new EmulatorFault { StatusCode = 503, Requests = 1 }];
        Assert.Equal(503, (await stream.NextAsync("faults")).Data[0].GetProperty("status").GetInt32());
        await emulator.PostAsync();

        Assert.Equal(1, (await stream.NextAsync("stats")).Data.GetProperty("faulted").GetInt64());
        Assert.Equal(0, (await stream.NextAsync("faults")).Data.GetArrayLength());
    }

    [Fact]
    public async Task Stream_ends_when_the_emulator_stops()
    {
        var emulator = await StartAsync();
        using var stream = await StreamClient.OpenAsync(emulator);
        await stream.NextAsync("faults");
        await emulator.DisposeAsync();

        await Assert.ThrowsAnyAsync<IOException>(() => stream.NextAsync("arrivals"));
    }

    private static Task<MetrixEmulator> StartAsync() => MetrixEmulator.StartAsync(TestData.Options(), Cancel);
}
