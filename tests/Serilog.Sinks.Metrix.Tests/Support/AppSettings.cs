using System.Reflection;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Serilog.Sinks.Metrix.Tests.Support;

/// <summary>The text of an appsettings.json, as configuration and as a logger.</summary>
internal static class AppSettings
{
    public static IConfigurationRoot From(string json, params (string Key, string Value)[] environment) =>
        new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)))
            .AddInMemoryCollection(environment.Select(e => new KeyValuePair<string, string?>(e.Key, e.Value)))
            .Build();

    /// <summary>What the application says when it cannot start with these settings.</summary>
    public static string ErrorOf(string json)
    {
        var thrown = Assert.ThrowsAny<Exception>(
            () => new LoggerConfiguration().ReadFrom.Configuration(From(json)).CreateLogger().Dispose());
        while (thrown is TargetInvocationException { InnerException: { } inner })
            thrown = inner;
        return Assert.IsType<ArgumentException>(thrown).Message;
    }
}
