using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Metrix.Client;
using Metrix.Tool.Sending;
using Spectre.Console;

namespace Metrix.Tool.Commands;

/// <summary>Implements <c>metrix send</c>, which sends one event and explains the answer.</summary>
internal static class SendCommand
{
    private const string KeyVariable = "METRIX_DEV_KEY";
    private const string StandardInput = "-";
    private const int MaxTimeoutSeconds = 600;

    private static readonly Option<string> AppId = new("--app-id")
    {
        Description = "The app's id in the panel.",
        Required = true,
    };

    private static readonly Option<string?> DevKey = new("--dev-key")
    {
        Description = $"The app's dev-key. \"{StandardInput}\" reads it from standard input. " +
            $"Without this option, the variable {KeyVariable} is used, which keeps the key out of the shell history.",
    };

    private static readonly Option<string> Slug = new("--slug")
    {
        Description = "The event's slug in the panel.",
        Required = true,
    };

    private static readonly Option<string[]> Attributes = new("--attribute")
    {
        Description = "An attribute, as name=text. Repeat it for each attribute.",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string[]> Metrics = new("--metric")
    {
        Description = "A metric, as name=1.5. Repeat it for each metric.",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string?> UserId = new("--user-id")
    {
        Description = "The Metrix user id. Default: metrix-tool, which is not a real user.",
    };

    private static readonly Option<string?> SessionId = new("--session-id")
    {
        Description = "The Metrix session id. Default: a random id.",
    };

    private static readonly Option<string?> AdvertisingId = new("--advertising-id")
    {
        Description = "The advertising id of an Android device. Default: a random id.",
    };

    private static readonly Option<string?> Idfa = new("--idfa")
    {
        Description = "The IDFA of an iOS device, instead of the advertising id.",
    };

    private static readonly Option<Uri> Endpoint = new("--endpoint")
    {
        Description = "The address of the Metrix API.",
        DefaultValueFactory = _ => new MetrixOptions().Endpoint,
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var uri))
                return uri;

            result.AddError("--endpoint takes an absolute address that starts with https:// or http://.");
            return null!;
        },
    };

    private static readonly Option<int> Timeout = new("--timeout")
    {
        Description = "The time to wait for the answer, in seconds.",
        DefaultValueFactory = _ => 10,
    };

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Shows the exact request without sending it.",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Writes the result as JSON." };

    public static Command Create()
    {
        Attributes.Validators.Add(result => RequireEach(
            result, text => TestEvent.TryParseAttribute(text, out _, out _), "--attribute takes name=text."));
        Metrics.Validators.Add(result => RequireEach(
            result, text => TestEvent.TryParseMetric(text, out _, out _),
            "--metric takes name=number, with a decimal point."));
        Timeout.Validators.Add(result => RequireEach(
            result, IsTimeout, $"--timeout takes 1 to {MaxTimeoutSeconds} seconds."));
        var command = new Command(
            "send",
            "Sends one event and explains the answer: whether the key is right, this server is allowed and the slug " +
            "is known.")
        {
            AppId, DevKey, Slug, Attributes, Metrics, UserId, SessionId, AdvertisingId, Idfa, Endpoint, Timeout, DryRun,
            Json,
        };
        command.Validators.Add(CheckNames);
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static void RequireEach(OptionResult result, Func<string, bool> isValid, string error)
    {
        if (!result.Tokens.All(token => isValid(token.Value)))
            result.AddError(error);
    }

    private static bool IsTimeout(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds is >= 1 and <= MaxTimeoutSeconds;

    private static void CheckNames(CommandResult result)
    {
        var names = new[] { result.GetResult(Attributes), result.GetResult(Metrics) }
            .SelectMany(option => option?.Tokens ?? [])
            .Select(token => token.Value.Split('=')[0])
            .ToList();
        if (names.Find(TestEvent.IsReserved) is { } reserved)
            result.AddError($"\"{reserved}\" is reserved. The client reads it as a field of the event.");
        else if (names.Distinct(StringComparer.Ordinal).Count() < names.Count)
            result.AddError("An attribute or metric is given twice.");
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var key = parsed.GetValue(DevKey) switch
        {
            StandardInput => (await Console.In.ReadLineAsync())?.Trim(),
            { } given => given,
            null => Environment.GetEnvironmentVariable(KeyVariable),
        };
        if (string.IsNullOrEmpty(key))
        {
            return Terminal.Fail(
                $"The dev-key is missing. Set {KeyVariable}, or pass --dev-key {StandardInput} " +
                "and write the key to standard input.");
        }

        try
        {
            var (exchange, messages) = await CreateEvent(parsed, key).SendAsync(parsed.GetValue(DryRun));
            if (exchange is null)
                return Terminal.Fail(string.Join(Environment.NewLine, messages));

            foreach (var message in messages)
                Terminal.Error.MarkupLineInterpolated($"[yellow]{message}[/]");

            if (parsed.GetValue(Json))
                WriteJson(exchange);
            else
                Write(exchange);
            return exchange.IsDryRun || AnswerExplanation.IsAccepted(exchange) ? ExitCode.Success : ExitCode.Failure;
        }
        catch (ArgumentException invalid)
        {
            return Terminal.Fail(invalid.Message);
        }
    }

    private static TestEvent CreateEvent(ParseResult parsed, string key)
    {
        var properties = new Dictionary<string, object?>();
        foreach (var text in parsed.GetValue(Attributes)!)
        {
            if (TestEvent.TryParseAttribute(text, out var name, out var value))
                properties[name] = value;
        }

        foreach (var text in parsed.GetValue(Metrics)!)
        {
            if (TestEvent.TryParseMetric(text, out var name, out var value))
                properties[name] = value;
        }

        var idfa = parsed.GetValue(Idfa);
        return new TestEvent
        {
            AppId = parsed.GetValue(AppId)!,
            DevKey = key,
            Slug = parsed.GetValue(Slug)!,
            Endpoint = parsed.GetValue(Endpoint)!,
            Timeout = TimeSpan.FromSeconds(parsed.GetValue(Timeout)),
            Properties = properties,
            Identity = new MetrixIdentity
            {
                MetrixUserId = parsed.GetValue(UserId) ?? "metrix-tool",
                MetrixSessionId = parsed.GetValue(SessionId) ?? Guid.NewGuid().ToString(),
                AdvertisingId = parsed.GetValue(AdvertisingId) ?? (idfa is null ? Guid.NewGuid().ToString() : null),
                Idfa = idfa,
            },
        };
    }

    private static void Write(RecordedExchange exchange)
    {
        // Written without the terminal, which would wrap lines: these are the exact bytes.
        Console.WriteLine($"{exchange.Method} {exchange.Address}");
        foreach (var (name, value) in exchange.Headers)
            Console.WriteLine($"{name}: {value}");
        Console.WriteLine();
        Console.WriteLine(exchange.Body);
        Console.WriteLine();

        var color = exchange.IsDryRun ? "blue" : AnswerExplanation.IsAccepted(exchange) ? "green" : "red";
        var answer = exchange switch
        {
            { IsDryRun: true } => "Dry run",
            { Status: { } status } => $"{status} after {exchange.Duration.TotalMilliseconds:F0} ms",
            _ => "No answer",
        };
        Terminal.Out.MarkupLine($"[{color}]{answer}[/]  {Markup.Escape(AnswerExplanation.Of(exchange))}");
        if (exchange.Answer.Length > 0)
            Console.WriteLine(exchange.Answer);
    }

    private static void WriteJson(RecordedExchange exchange) => Terminal.WriteJson(new
    {
        request = new
        {
            method = exchange.Method,
            address = exchange.Address,
            headers = exchange.Headers.ToDictionary(header => header.Name, header => header.Value),
            body = JsonDocument.Parse(exchange.Body).RootElement,
        },
        status = exchange.Status,
        outcome = AnswerExplanation.OutcomeOf(exchange),
        explanation = AnswerExplanation.Of(exchange),
        answer = exchange.Answer,
        milliseconds = (long)exchange.Duration.TotalMilliseconds,
    });
}
