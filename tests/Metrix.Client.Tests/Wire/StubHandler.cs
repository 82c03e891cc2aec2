namespace Metrix.Client.Tests.Wire;

/// <summary>Answers requests with a delegate instead of a server.</summary>
internal sealed class StubHandler(Func<int, HttpResponseMessage> answer) : HttpMessageHandler
{
    /// <summary>Gets the number of requests.</summary>
    public int Requests { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult(answer(++Requests));
        }
        catch (HttpRequestException exception)
        {
            return Task.FromException<HttpResponseMessage>(exception);
        }
    }
}
