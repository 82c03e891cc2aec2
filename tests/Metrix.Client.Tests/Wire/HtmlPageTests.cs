using Metrix.Client.Wire;

namespace Metrix.Client.Tests.Wire;

public class HtmlPageTests
{
    [Theory]
    [InlineData("<!doctype html>")]
    [InlineData("<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">")]
    [InlineData("<!DOCTYPE  html>")]
    [InlineData("<html>")]
    [InlineData("<HTML lang=\"fa\"><head>")]
    [InlineData("<html")]
    [InlineData("\r\n\t <html>")]
    [InlineData("\uFEFF<!doctype html>")]
    [InlineData("\uFEFF\n<!-- saved from -->\n<!-- <html> twice -->\n<!doctype html>")]
    [InlineData("<?xml version=\"1.0\"?>\n<!DOCTYPE html>")]
    [InlineData("\n\uFEFF<!doctype html>")]
    [InlineData("<head><title>Sign in</title>")]
    [InlineData("<script>location='/login'</script>")]
    [InlineData("<META http-equiv=refresh content=0>")]
    [InlineData("<title>Parked</title>")]
    [InlineData("<body>")]
    [InlineData("<!-- a comment that is longer than what is read")]
    [InlineData("\uFFFD\uFFFD<\0h\0t\0m\0l\0>\0")]
    public void The_start_of_a_page_is_recognized(string text) => Assert.True(HtmlPage.IsStartOf(text));

    [Theory]
    [InlineData("")]
    [InlineData("OK")]
    [InlineData("{\"status\":\"<html>\"}")]
    [InlineData("ok <html>")]
    [InlineData("<htmlx>")]
    [InlineData("<!doctype htmlx>")]
    [InlineData("<!doctype xml>")]
    [InlineData("<p>accepted</p>")]
    [InlineData("<header>")]
    [InlineData("<b>ok</b>")]
    [InlineData("<!-- only a comment -->")]
    public void Any_other_text_is_not_a_page(string text) => Assert.False(HtmlPage.IsStartOf(text));
}
