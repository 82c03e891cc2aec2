using System.Text;

namespace Metrix.Client.Tests.Support;

/// <summary>Blocks each request until the test releases its slug, and then sends it over a real connection.</summary>
internal sealed class BlockingHandler() : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    private readonly Dictionary<string, TaskCompletionSource> _blocked = [];

    public void Release(string slug) => ReleaseOf(slug).TrySetResult();

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetString(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        var slug = body.Split("\"eventSlug\":\"")[1].Split('"')[0];
        await ReleaseOf(slug).Task.WaitAsync(cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }

    private TaskCompletionSource ReleaseOf(string slug)
    {
        lock (_blocked)
        {
            return _blocked.TryGetValue(slug, out var blocked)
                ? blocked
                : _blocked[slug] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
