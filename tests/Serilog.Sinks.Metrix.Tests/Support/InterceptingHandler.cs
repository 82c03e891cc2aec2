namespace Serilog.Sinks.Metrix.Tests.Support;

/// <summary>Runs a delegate instead of each request. The delegate decides whether and when to send it.</summary>
internal sealed class InterceptingHandler(
    HttpMessageHandler inner, Func<Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>> send)
    : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        send(() => base.SendAsync(request, cancellationToken));
}
