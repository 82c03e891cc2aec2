using Metrix.Client.Apps;
using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Apps;

public class AppDirectoryTests
{
    private readonly AppDirectory _two = new(TestData.OptionsOf("android", "ios"));

    [Fact]
    public void The_only_app_takes_all_that_names_none()
    {
        var apps = new AppDirectory(TestData.Options());

        Assert.Same(apps.All[0], apps.Find(null, hasAdvertisingId: true, hasIdfa: false));
        Assert.Same(apps.All[0], apps.Find(null, hasAdvertisingId: false, hasIdfa: true));
        Assert.Same(apps.All[0], apps.Find(null, hasAdvertisingId: false, hasIdfa: false));
    }

    [Fact]
    public void The_only_app_of_Apps_takes_all_that_names_none()
    {
        var apps = new AppDirectory(TestData.OptionsOf("shop"));

        Assert.Equal("shop", apps.Find(null, hasAdvertisingId: true, hasIdfa: false)?.Name);
    }

    [Fact]
    public void The_only_app_does_not_take_what_names_another()
    {
        var options = TestData.Options();
        var apps = new AppDirectory(options);

        Assert.Null(apps.Find("another", hasAdvertisingId: true, hasIdfa: false));
        Assert.Same(apps.All[0], apps.Find(options.AppId, hasAdvertisingId: true, hasIdfa: false));
    }

    [Theory]
    [InlineData("ios")]
    [InlineData("IOS")]
    public void The_app_that_is_named_comes_before_the_platforms(string name) =>
        Assert.Equal("ios", _two.Find(name, hasAdvertisingId: true, hasIdfa: false)?.Name);

    [Fact]
    public void Without_a_name_it_is_the_app_of_the_platform()
    {
        Assert.Equal("android", _two.Find(null, hasAdvertisingId: true, hasIdfa: false)?.Name);
        Assert.Equal("ios", _two.Find(null, hasAdvertisingId: false, hasIdfa: true)?.Name);
    }

    [Fact]
    public void The_app_of_an_event_is_found_by_what_it_carries()
    {
        Assert.Equal("android", _two.Find(TestData.Built())?.Name);
        Assert.Equal("ios", _two.Find(TestData.Built(("metrix.app", "ios")))?.Name);
        Assert.Equal("ios", _two.Find(TestData.Builder().With("metrix.idfa", TestData.Idfa))?.Name);
    }

    [Fact]
    public void With_neither_name_nor_platform_it_is_none()
    {
        Assert.Null(_two.Find(null, hasAdvertisingId: false, hasIdfa: false));
        Assert.Null(_two.Find(null, hasAdvertisingId: true, hasIdfa: true));
        Assert.Null(_two.Find("web", hasAdvertisingId: true, hasIdfa: false));
        Assert.Null(new AppDirectory(TestData.OptionsOf("a", "b")).Find(null, hasAdvertisingId: true, hasIdfa: false));
    }

    [Fact]
    public void Events_of_no_app_are_in_books_of_their_own_only_where_there_are_several()
    {
        var one = new AppDirectory(TestData.Options());

        Assert.Same(one.All[0].Ledger, one.LedgerOf(null));
        Assert.Equal("unknown", _two.LedgerOf(null).App);
        Assert.Equal(["android", "ios", "unknown"], _two.Ledgers.Select(ledger => ledger.App));
        Assert.Same(_two.All[1].Ledger, _two.LedgerOf(_two.All[1]));
    }

    [Theory]
    [InlineData("abc", "https://analytics.metrix.ir", "https://analytics.metrix.ir/inappevent/abc")]
    [InlineData("abc", "https://analytics.metrix.ir/", "https://analytics.metrix.ir/inappevent/abc")]
    [InlineData("abc", "http://127.0.0.1:8080/base/", "http://127.0.0.1:8080/base/inappevent/abc")]
    [InlineData("a/b?c#d e%", "https://analytics.metrix.ir", "https://analytics.metrix.ir/inappevent/a%2Fb%3Fc%23d%20e%25")]
    [InlineData("../x", "https://analytics.metrix.ir", "https://analytics.metrix.ir/inappevent/..%2Fx")]
    [InlineData("برنامه", "https://analytics.metrix.ir",
        "https://analytics.metrix.ir/inappevent/%D8%A8%D8%B1%D9%86%D8%A7%D9%85%D9%87")]
    public void The_id_is_escaped_in_the_address(string appId, string endpoint, string address) =>
        Assert.Equal(address, new MetrixApp("shop", appId, TestData.DevKey, new Uri(endpoint)).Address.AbsoluteUri);

    [Fact]
    public void An_apps_text_is_its_name() => Assert.Equal("shop", TestData.App("shop").ToString());
}
