using System.Text;

namespace Metrix.Client.Tests.Support;

/// <summary>Holds each request back until its slug is released; then it goes over a real connection.</summary>
internal sealed class HeldHandler() : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    private readonly Dictionary<string, TaskCompletionSource> _held = [];

    public void Release(string slug) => Of(slug).TrySetResult();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetString(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        var slug = body.Split("\"eventSlug\":\"")[1].Split('"')[0];
        await Of(slug).Task.WaitAsync(cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }

    private TaskCompletionSource Of(string slug)
    {
        lock (_held)
        {
            return _held.TryGetValue(slug, out var held)
                ? held
                : _held[slug] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
