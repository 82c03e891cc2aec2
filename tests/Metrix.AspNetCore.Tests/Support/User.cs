namespace Metrix.AspNetCore.Tests.Support;

/// <summary>Represents an end user whose ids contain a number.</summary>
internal sealed record User(int Number)
{
    public string UserId => $"mx-user-{Number}";

    public string SessionId => $"session-{Number}";

    /// <summary>Gets whether the user has an iPhone. Users with odd numbers do.</summary>
    public bool IsApple => Number % 2 == 1;

    public string AdvertisingId => $"{Number:x8}-8cf0-11bd-b23e-10b96e40000d";

    /// <summary>Creates a request with the headers that the user's app sends.</summary>
    public HttpRequestMessage Post(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Add("X-Metrix-User-Id", UserId);
        request.Headers.Add("X-Metrix-Session-Id", SessionId);
        request.Headers.Add(IsApple ? "X-Metrix-Idfa" : "X-Metrix-Advertising-Id", AdvertisingId);
        return request;
    }
}
