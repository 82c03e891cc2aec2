using System.Net.Security;
using Metrix.Faults.Tests.Support;

namespace Metrix.Faults.Tests;

/// <summary>Tests faults of single connections, through every front end.</summary>
public class ConnectionFaultTests
{
    [Theory, FaultMatrix]
    public Task Events_arrive_once_when_connections_are_reset_before_a_request(FrontEnd front, int maxInFlight) =>
        FaultRun.RunAsync(
            front,
            maxInFlight,
            request => request.Connection is > 0 and <= 6 ? Fault.ResetConnection : Fault.None);

    [Theory, FaultMatrix]
    public async Task Only_events_without_an_answer_are_sent_again(FrontEnd front, int maxInFlight)
    {
        var unanswered = new HashSet<int>();
        await using var server = new FaultServer(request =>
        {
            if (request.Index is 0 or > 20)
                return Fault.None;
            lock (unanswered)
                return unanswered.Add(request.Number) ? Fault.ResetAfterAccepting : Fault.None;
        });
        await using var app = Front.Create(front, server.Endpoint, maxInFlight);
        app.Emit(FaultRun.All);
        await app.CloseAsync();

        Assert.Equal(FaultRun.All, server.Accepted.Keys.Order());
        Assert.All(
            server.Accepted, accepted => Assert.Equal(unanswered.Contains(accepted.Key) ? 2 : 1, accepted.Value));
        Assert.Equal(FaultRun.Count, app.Meter.Delivered);
        Assert.Empty(app.Failed);
    }

    [Theory, FaultMatrix]
    public Task Events_arrive_once_when_the_server_does_not_answer_at_first(FrontEnd front, int maxInFlight) =>
        FaultRun.RunAsync(
            front,
            maxInFlight,
            request => request.Index > 0 && request.Index <= maxInFlight + 6 ? Fault.Silence : Fault.None,
            options => options.RequestTimeout = TimeSpan.FromSeconds(25));

    [Theory, FaultMatrix]
    public Task Events_arrive_once_when_the_server_answers_one_byte_a_second_at_first(
        FrontEnd front, int maxInFlight) =>
        FaultRun.RunAsync(
            front,
            maxInFlight,
            request => request.Index > 0 && request.Index <= maxInFlight + 6 ? Fault.OneByteASecond : Fault.None,
            options => options.RequestTimeout = TimeSpan.FromSeconds(25));

    [Theory, FaultMatrix]
    public Task Events_arrive_once_when_the_server_closes_the_connection_after_each_answer(
        FrontEnd front, int maxInFlight) =>
        FaultRun.RunAsync(front, maxInFlight, _ => Fault.AcceptAndClose);

    [Theory, FaultMatrix]
    public Task Events_arrive_once_when_some_answers_are_not_HTTP(FrontEnd front, int maxInFlight) =>
        FaultRun.RunAsync(
            front, maxInFlight, request => request.Index is > 0 and <= 10 ? Fault.NoHttp : Fault.None);

    [Theory]
    [FaultMatrix("RST_STREAM")]
    [FaultMatrix("GOAWAY")]
    public async Task Events_arrive_once_when_HTTP2_streams_or_connections_end(
        FrontEnd front, int maxInFlight, string frame)
    {
        using var certificate = Certificates.CreateSelfSigned();
        await using var server = new Http2Server(certificate, index => index switch
        {
            >= 20 and < 30 when frame == "RST_STREAM" => Http2Fault.Reset,
            50 or 100 when frame == "GOAWAY" => Http2Fault.GoAway,
            _ => Http2Fault.None,
        });
        await using var app = Front.Create(
            front,
            server.Endpoint,
            maxInFlight,
            options => options.HttpMessageHandlerFactory = () => new SocketsHttpHandler
            {
                SslOptions = new SslClientAuthenticationOptions
                {
                    RemoteCertificateValidationCallback = (_, presented, _, _) =>
                        presented?.GetCertHashString() == certificate.GetCertHashString(),
                },
            });
        app.Emit(FaultRun.All);
        await app.CloseAsync();

        Assert.Equal(FaultRun.All, server.Accepted.Keys.Order());
        Assert.All(server.Accepted.Values, times => Assert.Equal(1, times));
        Assert.Equal(FaultRun.Count, app.Meter.Delivered);
        Assert.True(
            frame == "GOAWAY" ? server.Connections > 1 : app.Meter.Retries() == 10,
            $"{server.Connections} connections, {app.Meter.Retries()} retries");
        Assert.Empty(app.Failed);
    }
}
