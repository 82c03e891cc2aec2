namespace Metrix.Emulator.Validation;

/// <summary>What a person should do about a request that was refused.</summary>
internal static class Advice
{
    /// <summary>For a request that a fault or a delegate had refused: there is nothing to mend in it.</summary>
    public const string ForFault =
        "Nothing is wrong with the event: this answer was asked for. Watch whether its sender tries again, and when.";

    public static string For(int status, string? field) => (status, field) switch
    {
        (401, _) => "Copy the dev-key of this very app from the Metrix panel, bare. An Android app and an iOS app have one each.",
        (403, _) => "Add the address of the server that sends to the app's allow list in the panel (here: AllowedAddresses).",
        (404, _) => "Look at the app id and at the endpoint: the path is /inappevent/ and the id of the app in the panel.",
        (405, _) => "Send events with POST; if a proxy or a redirect changed the method, take it away.",
        (500, _) => "Mend the delegate Answer of this emulator: it failed.",
        (_, "metrixUserId") =>
            "The Metrix SDK gives it to the mobile app (setOnReceiveUserIdListener); the app hands it to your server.",
        (_, "metrixSessionId") =>
            "The Metrix SDK gives it to the mobile app (setOnSessionIdListener); the app hands it to your server.",
        (_, "advertisingId" or "idfa") =>
            "Send advertisingId for an Android device, or idfa for an iOS device: never both, never neither.",
        (_, "eventSlug") => "Send the slug that the panel gave the event: a string of five letters.",
        (_, "eventTime") => "Send Unix time in milliseconds, UTC, as a string of digits.",
        (_, "Content-Type") => "Send Content-Type: application/json, in UTF-8.",
        (_, null) => "Send one JSON object, in UTF-8, for each request.",
        _ when field.StartsWith("customAttributes", StringComparison.Ordinal) =>
            "Attributes are strings: what counts something goes under customMetrics.",
        _ when field.StartsWith("customMetrics", StringComparison.Ordinal) =>
            "Metrics are numbers, without quotes: what is text goes under customAttributes.",
        _ => "Metrix knows metrixUserId, metrixSessionId, advertisingId, idfa, eventSlug, eventTime, deviceIp, " +
            "customAttributes and customMetrics. Compare the name with these.",
    };
}
