using Metrix.Client.Apps;
using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Apps;

public class AppDirectoryTests
{
    private readonly AppDirectory _twoApps = new(TestData.OptionsForApps("android", "ios"));

    [Fact]
    public void A_single_app_receives_every_event_that_names_no_app()
    {
        var apps = new AppDirectory(TestData.Options());

        Assert.Same(apps.All[0], apps.Find(null, hasAdvertisingId: true, hasIdfa: false));
        Assert.Same(apps.All[0], apps.Find(null, hasAdvertisingId: false, hasIdfa: true));
        Assert.Same(apps.All[0], apps.Find(null, hasAdvertisingId: false, hasIdfa: false));
    }

    [Fact]
    public void A_single_entry_in_Apps_receives_every_event_that_names_no_app()
    {
        var apps = new AppDirectory(TestData.OptionsForApps("shop"));

        Assert.Equal("shop", apps.Find(null, hasAdvertisingId: true, hasIdfa: false)?.Name);
    }

    [Fact]
    public void A_single_app_does_not_receive_an_event_that_names_another_app()
    {
        var options = TestData.Options();
        var apps = new AppDirectory(options);

        Assert.Null(apps.Find("another", hasAdvertisingId: true, hasIdfa: false));
        Assert.Same(apps.All[0], apps.Find(options.AppId, hasAdvertisingId: true, hasIdfa: false));
    }

    [Theory]
    [InlineData("ios")]
    [InlineData("IOS")]
    public void A_named_app_takes_precedence_over_the_app_of_the_platform(string name) =>
        Assert.Equal("ios", _twoApps.Find(name, hasAdvertisingId: true, hasIdfa: false)?.Name);

    [Fact]
    public void An_event_without_an_app_name_goes_to_the_app_of_its_platform()
    {
        Assert.Equal("android", _twoApps.Find(null, hasAdvertisingId: true, hasIdfa: false)?.Name);
        Assert.Equal("ios", _twoApps.Find(null, hasAdvertisingId: false, hasIdfa: true)?.Name);
    }

    [Fact]
    public void Find_uses_the_app_name_and_the_advertising_ids_of_the_event()
    {
        Assert.Equal("android", _twoApps.Find(TestData.BuilderWithUser())?.Name);
        Assert.Equal("ios", _twoApps.Find(TestData.BuilderWithUser(("metrix.app", "ios")))?.Name);
        Assert.Equal("ios", _twoApps.Find(TestData.Builder().With("metrix.idfa", TestUser.Idfa))?.Name);
    }

    [Fact]
    public void Find_returns_null_when_neither_a_name_nor_a_platform_matches()
    {
        Assert.Null(_twoApps.Find(null, hasAdvertisingId: false, hasIdfa: false));
        Assert.Null(_twoApps.Find(null, hasAdvertisingId: true, hasIdfa: true));
        Assert.Null(_twoApps.Find("web", hasAdvertisingId: true, hasIdfa: false));
        Assert.Null(
            new AppDirectory(TestData.OptionsForApps("a", "b")).Find(null, hasAdvertisingId: true, hasIdfa: false));
    }

    [Fact]
    public void Events_without_an_app_have_their_own_ledger_only_when_there_are_several_apps()
    {
        var singleApp = new AppDirectory(TestData.Options());

        Assert.Same(singleApp.All[0].Ledger, singleApp.LedgerOf(null));
        Assert.Equal("unknown", _twoApps.LedgerOf(null).App);
        Assert.Equal(["android", "ios", "unknown"], _twoApps.Ledgers.Select(ledger => ledger.App));
        Assert.Same(_twoApps.All[1].Ledger, _twoApps.LedgerOf(_twoApps.All[1]));
    }

    [Theory]
    [InlineData("abc", "https://analytics.metrix.ir", "https://analytics.metrix.ir/inappevent/abc")]
    [InlineData("abc", "https://analytics.metrix.ir/", "https://analytics.metrix.ir/inappevent/abc")]
    [InlineData("abc", "http://127.0.0.1:8080/base/", "http://127.0.0.1:8080/base/inappevent/abc")]
    [InlineData(
        "a/b?c#d e%", "https://analytics.metrix.ir", "https://analytics.metrix.ir/inappevent/a%2Fb%3Fc%23d%20e%25")]
    [InlineData("../x", "https://analytics.metrix.ir", "https://analytics.metrix.ir/inappevent/..%2Fx")]
    [InlineData("برنامه", "https://analytics.metrix.ir",
        "https://analytics.metrix.ir/inappevent/%D8%A8%D8%B1%D9%86%D8%A7%D9%85%D9%87")]
    public void The_app_id_is_escaped_in_the_address(string appId, string endpoint, string address) =>
        Assert.Equal(address, new MetrixApp("shop", appId, TestUser.DevKey, new Uri(endpoint)).Address.AbsoluteUri);

    [Fact]
    public void ToString_returns_the_name_of_the_app() => Assert.Equal("shop", TestData.App("shop").ToString());
}
