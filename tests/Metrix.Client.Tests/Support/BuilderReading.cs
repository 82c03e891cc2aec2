using Metrix.Client.Mapping;

namespace Metrix.Client.Tests.Support;

/// <summary>Fills a builder, and reads what came of it.</summary>
internal static class BuilderReading
{
    public static EventBuilder OfSomeUser(this EventBuilder builder) => builder.With(
        ("metrix.user_id", TestData.UserId),
        ("metrix.session_id", TestData.SessionId),
        ("metrix.advertising_id", TestData.AdvertisingId));

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

    /// <summary>The names of all attributes and metrics, in their order.</summary>
    public static string[] Names(this EventBuilder builder) => [.. builder.Properties.Select(p => p.Name)];

    public static string? Attribute(this EventBuilder builder, string name) =>
        builder.Properties.SingleOrDefault(p => p.Name == name).Text;

    public static double? Metric(this EventBuilder builder, string name) =>
        builder.Properties.Where(p => p.Name == name && p.Text is null).Select(p => (double?)p.Number).SingleOrDefault();

    /// <summary>Why values were left out, in the order in which they came.</summary>
    public static OmissionReason[] Reasons(this EventBuilder builder) => [.. builder.Omitted.Select(l => l.Reason)];
}
