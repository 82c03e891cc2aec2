using System.Reflection;
using System.Text;
using Microsoft.Extensions.Configuration;
using Serilog.Core;

namespace Serilog.Sinks.Metrix.Tests.Support;

/// <summary>Builds a configuration and a logger from the text of an appsettings.json.</summary>
internal static class AppSettings
{
    public static IConfigurationRoot From(string json, params (string Key, string Value)[] environment) =>
        new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)))
            .AddInMemoryCollection(environment.Select(e => new KeyValuePair<string, string?>(e.Key, e.Value)))
            .Build();

    public static Logger CreateLogger(string json) =>
        new LoggerConfiguration().ReadFrom.Configuration(From(json)).CreateLogger();

    /// <summary>Returns the message of the exception that the settings cause at startup.</summary>
    public static string StartupErrorOf(string json)
    {
        var exception = Assert.ThrowsAny<Exception>(() => CreateLogger(json).Dispose());
        while (exception is TargetInvocationException { InnerException: { } inner })
            exception = inner;
        return Assert.IsType<ArgumentException>(exception).Message;
    }
}
