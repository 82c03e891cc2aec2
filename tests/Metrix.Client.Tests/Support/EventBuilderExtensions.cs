using Metrix.Client.Mapping;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Support;

/// <summary>Fills an event builder and reads its contents.</summary>
internal static class EventBuilderExtensions
{
    public static EventBuilder WithUser(this EventBuilder builder) => builder.With(
        ("metrix.user_id", TestUser.UserId),
        ("metrix.session_id", TestUser.SessionId),
        ("metrix.advertising_id", TestUser.AdvertisingId));

    public static EventBuilder With(this EventBuilder builder, string name, object? value)
    {
        ObjectReader.Add(builder, name, value);
        return builder;
    }

    public static EventBuilder With(this EventBuilder builder, params (string Name, object? Value)[] properties)
    {
        foreach (var (name, value) in properties)
            ObjectReader.Add(builder, name, value);
        return builder;
    }

    /// <summary>Gets the names of all attributes and metrics, in order.</summary>
    public static string[] Names(this EventBuilder builder) => [.. builder.Properties.Select(p => p.Name)];

    public static string? Attribute(this EventBuilder builder, string name) =>
        builder.Properties.SingleOrDefault(p => p.Name == name).Text;

    public static double? Metric(this EventBuilder builder, string name) =>
        builder.Properties
            .Where(p => p.Name == name && p.Text is null)
            .Select(p => (double?)p.Number)
            .SingleOrDefault();

    /// <summary>Gets the reason of each omitted value, in order.</summary>
    public static OmissionReason[] OmissionReasons(this EventBuilder builder) =>
        [.. builder.Omitted.Select(omitted => omitted.Reason)];
}
