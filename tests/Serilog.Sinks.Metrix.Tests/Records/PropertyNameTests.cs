using Metrix.Client.Mapping;
using static Serilog.Sinks.Metrix.Tests.Support.EventMapping;

namespace Serilog.Sinks.Metrix.Tests.Records;

/// <summary>Tests which properties are omitted, reserved or sent as attributes because of their names.</summary>
public class PropertyNameTests
{
    [Theory]
    [InlineData("SourceContext")]
    [InlineData("EventId")]
    [InlineData("RequestId")]
    [InlineData("RequestPath")]
    [InlineData("ConnectionId")]
    [InlineData("ActionId")]
    [InlineData("ActionName")]
    [InlineData("SpanId")]
    [InlineData("TraceId")]
    [InlineData("ParentId")]
    [InlineData("MachineName")]
    [InlineData("ThreadId")]
    [InlineData("ThreadName")]
    [InlineData("ProcessId")]
    [InlineData("Application")]
    [InlineData("EnvironmentName")]
    [InlineData("{OriginalFormat}")]
    public void Framework_properties_are_omitted_unless_included(string name)
    {
        Assert.Empty(Map("<@Purchase>", [], (name, "x")).Attributes);
        Assert.Equal("x", Map("<@Purchase>", [], options => options.Include.Add(name), (name, "x")).Attributes[name]);
    }

    [Fact]
    public void A_member_of_the_event_object_with_a_framework_name_is_sent() =>
        Assert.Equal("x", Map("{@Purchase}", new { ThreadName = "x" }).Attributes["ThreadName"]);

    [Fact]
    public void A_number_listed_in_Attributes_is_sent_as_an_attribute() => Assert.Equal(
        "12345",
        Map("<@Purchase> {OrderId}", [12345], options => options.Attributes.Add("OrderId")).Attributes["OrderId"]);

    [Theory]
    [InlineData("metrix.slug")]
    [InlineData("MetrixSlug")]
    [InlineData("metrix.user_id")]
    [InlineData("MetrixUserId")]
    [InlineData("metrix.session_id")]
    [InlineData("MetrixSessionId")]
    [InlineData("metrix.advertising_id")]
    [InlineData("MetrixAdvertisingId")]
    [InlineData("metrix.idfa")]
    [InlineData("MetrixIdfa")]
    [InlineData("metrix.device_ip")]
    [InlineData("MetrixDeviceIp")]
    [InlineData("metrix.event_time")]
    [InlineData("MetrixEventTime")]
    [InlineData("metrix.app")]
    [InlineData("MetrixApp")]
    public void Reserved_names_are_not_sent_as_properties(string name)
    {
        var mapped = Map("<@Purchase>", [], (name, "2026-03-21"));
        Assert.Empty(mapped.Attributes);
        Assert.Empty(mapped.Metrics);
    }

    [Fact]
    public void An_id_in_the_event_object_is_read_as_a_field()
    {
        var built = Build("{@Purchase}", [new { MetrixUserId = "u-1", Amount = 1 }], null);
        Assert.Equal("u-1", built[EventField.MetrixUserId]);
        Assert.DoesNotContain(built.Properties, p => p.Name == "MetrixUserId");
    }
}
