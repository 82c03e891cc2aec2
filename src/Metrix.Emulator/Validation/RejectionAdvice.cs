namespace Metrix.Emulator.Validation;

/// <summary>Provides advice on how to fix a rejected request.</summary>
internal static class RejectionAdvice
{
    /// <summary>The advice for a valid request that a fault or a delegate rejected. The request needs no fix.</summary>
    public const string ForFault =
        "Nothing is wrong with the event: you requested this answer. Watch whether the sender retries, and when.";

    public static string For(int status, string? field) => (status, field) switch
    {
        (401, _) => "Copy the dev-key of this app from the Metrix panel, and send it without a scheme. " +
            "An Android app and an iOS app have different keys.",
        (403, _) => "Add the address of the sending server to the app's allow list in the panel " +
            "(in the emulator: AllowedAddresses).",
        (404, _) => "Check the app id and the endpoint. The path is /inappevent/, followed by the panel's app id.",
        (405, _) => "Send events with POST. If a proxy or a redirect changed the method, bypass it.",
        (500, _) => "Fix the Answer delegate of this emulator: it threw an exception.",
        (_, "metrixUserId") =>
            "The Metrix SDK gives it to the app (setOnReceiveUserIdListener). The app must send it to your server.",
        (_, "metrixSessionId") =>
            "The Metrix SDK gives it to the app (setOnSessionIdListener). The app must send it to your server.",
        (_, "advertisingId" or "idfa") =>
            "Send advertisingId for an Android device, or idfa for an iOS device. Send exactly one of them.",
        (_, "eventSlug") => "Send the slug that the panel assigned to the event: a string of five letters.",
        (_, "eventTime") => "Send Unix time in milliseconds, UTC, as a string of digits.",
        (_, "Content-Type") => "Send Content-Type: application/json, in UTF-8.",
        (_, null) => "Send one JSON object, in UTF-8, per request.",
        _ when field.StartsWith("customAttributes", StringComparison.Ordinal) =>
            "Attributes are strings. Put a quantity under customMetrics.",
        _ when field.StartsWith("customMetrics", StringComparison.Ordinal) =>
            "Metrics are numbers without quotes. Put a text under customAttributes.",
        _ => "Metrix knows metrixUserId, metrixSessionId, advertisingId, idfa, eventSlug, eventTime, deviceIp, " +
            "customAttributes and customMetrics. Compare the name with these.",
    };
}
