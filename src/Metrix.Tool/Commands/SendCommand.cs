using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Metrix.Client;
using Metrix.Tool.Sending;
using Spectre.Console;

namespace Metrix.Tool.Commands;

/// <summary><c>metrix send</c>: one event, and what the answer means.</summary>
internal static class SendCommand
{
    private const string KeyVariable = "METRIX_DEV_KEY";
    private const string StandardInput = "-";

    private static readonly Option<string> AppId = new("--app-id") { Description = "The app's id in the panel.", Required = true };

    private static readonly Option<string?> DevKey = new("--dev-key")
    {
        Description = $"The app's dev-key; \"{StandardInput}\" reads it from standard input. Without it the variable {KeyVariable} counts: so it stays out of the shell's history.",
    };

    private static readonly Option<string> Slug = new("--slug") { Description = "The event's slug in the panel.", Required = true };

    private static readonly Option<string[]> Attributes = new("--attribute")
    {
        Description = "An attribute, as name=text. Any number of them.",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string[]> Metrics = new("--metric")
    {
        Description = "A metric, as name=1.5. Any number of them.",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string?> UserId = new("--user-id") { Description = "The Metrix user id. Default: one of no user." };
    private static readonly Option<string?> SessionId = new("--session-id") { Description = "The Metrix session id. Default: one of no session." };
    private static readonly Option<string?> AdvertisingId = new("--advertising-id") { Description = "The advertising id of an Android device. Default: a random one." };
    private static readonly Option<string?> Idfa = new("--idfa") { Description = "The IDFA of an iOS device, instead of the advertising id." };

    private static readonly Option<Uri> Endpoint = new("--endpoint")
    {
        Description = "Where Metrix listens.",
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
        Description = "How long to wait for the answer, in seconds.",
        DefaultValueFactory = _ => 10,
    };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Shows the exact request, and sends nothing." };
    private static readonly Option<bool> Json = new("--json") { Description = "Answers in JSON." };

    public static Command Create()
    {
        Attributes.Validators.Add(result => Each(result.Tokens, token => SentEvent.TryParseAttribute(token, out _, out _), result.AddError, "--attribute takes name=text."));
        Metrics.Validators.Add(result => Each(result.Tokens, token => SentEvent.TryParseMetric(token, out _, out _), result.AddError, "--metric takes name=number, with a point."));
        Timeout.Validators.Add(result =>
        {
            if (result.Tokens is [var text, ..] && !(int.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 600))
                result.AddError("--timeout takes 1 to 600 seconds.");
        });
        var command = new Command("send", "Sends one event and explains the answer: is the key right, is this server allowed, is the slug known?")
        {
            AppId, DevKey, Slug, Attributes, Metrics, UserId, SessionId, AdvertisingId, Idfa, Endpoint, Timeout, DryRun, Json,
        };
        command.Validators.Add(result =>
        {
            var names = new[] { result.GetResult(Attributes), result.GetResult(Metrics) }
                .SelectMany(option => option?.Tokens ?? []).Select(token => token.Value.Split('=')[0]).ToList();
            if (names.Find(SentEvent.IsReserved) is { } reserved)
                result.AddError($"\"{reserved}\" is no name of an attribute or metric: it is read as a field of the event.");
            else if (names.Distinct(StringComparer.Ordinal).Count() < names.Count)
                result.AddError("An attribute or metric is given twice.");
        });
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static void Each(
        IReadOnlyList<System.CommandLine.Parsing.Token> tokens, Func<string, bool> isRight, Action<string> addError, string error)
    {
        if (!tokens.All(token => isRight(token.Value)))
            addError(error);
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
            return Terminal.Fail($"No dev-key: set {KeyVariable}, or pass --dev-key {StandardInput} and write it to standard input.");

        try
        {
            var (exchange, said) = await EventOf(parsed, key).SendAsync(parsed.GetValue(DryRun));
            if (exchange is null)
                return Terminal.Fail(string.Join(Environment.NewLine, said));

            foreach (var message in said)
                Terminal.Error.MarkupLineInterpolated($"[yellow]{message}[/]");

            if (parsed.GetValue(Json))
                WriteJson(exchange);
            else
                Write(exchange);
            return exchange.Status is null && exchange.Failure is null || AnswerExplanation.IsTaken(exchange) ? ExitCode.Success : ExitCode.Failure;
        }
        catch (ArgumentException wrong)
        {
            return Terminal.Fail(wrong.Message);
        }
    }

    private static SentEvent EventOf(ParseResult parsed, string key)
    {
        var properties = new Dictionary<string, object?>();
        foreach (var text in parsed.GetValue(Attributes)!)
        {
            SentEvent.TryParseAttribute(text, out var name, out var value);
            properties[name] = value;
        }

        foreach (var text in parsed.GetValue(Metrics)!)
        {
            SentEvent.TryParseMetric(text, out var name, out var value);
            properties[name] = value;
        }

        var idfa = parsed.GetValue(Idfa);
        return new SentEvent
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
        // Not by way of the console that breaks lines: these are the very bytes.
        Console.WriteLine($"{exchange.Method} {exchange.Address}");
        foreach (var (name, value) in exchange.Headers)
            Console.WriteLine($"{name}: {value}");
        Console.WriteLine();
        Console.WriteLine(exchange.Body);
        Console.WriteLine();

        var color = exchange.Status is null && exchange.Failure is null ? "blue" : AnswerExplanation.IsTaken(exchange) ? "green" : "red";
        var answer = exchange.Status is { } status ? $"{status} after {exchange.Took.TotalMilliseconds:F0} ms" : exchange.Failure is null ? "Dry run" : "No answer";
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
        milliseconds = (long)exchange.Took.TotalMilliseconds,
    });
}
