// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Grpc.Testing;
using Peregrine;
using Peregrine.Client;
using Peregrine.Diagnostics;
using Peregrine.Testing;

namespace Interop.Client;

/// <summary>
/// One idle stream to a grpc-go server with its default enforcement of pings (gRFC A8), by virtual time: eng/peers/go/interop/keepalive judges by a
/// clock that these cases move together with the channel's. No public cases.
/// </summary>
internal static class KeepAliveCases
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <summary>A channel's defaults never bring a server of default settings to end the connection.</summary>
    public static async Task DefaultAsync(InteropTarget target)
    {
        // The first after 30 s of silence, then one in 310 s.
        TimeSpan time = TimeSpan.FromHours(6);
        int expected = 1 + (int)((time - TimeSpan.FromSeconds(30)) / TimeSpan.FromSeconds(310));

        using Silence silence = await Silence.BeginAsync(target, keepAliveTime: null);
        for (TimeSpan past = TimeSpan.Zero; past < time; past += Step)
        {
            await silence.AdvanceAsync();
        }

        Expect.Equal((long)expected, silence.PingsSent, "pings of keepalive in six hours");

        // Those by which the bandwidth is estimated are pings, too.
        Expect.Equal(true, silence.PingsJudged >= expected, "number of pings that the server has judged that is as large");
        await silence.ExchangeAsync();
    }

    /// <summary>The server does judge: pings once in a minute are too many, and the channel says so.</summary>
    public static async Task TooOftenAsync(InteropTarget target)
    {
        using Silence silence = await Silence.BeginAsync(target, keepAliveTime: TimeSpan.FromMinutes(1));
        Task<bool> next = silence.Call.ResponseStream.MoveNext();
        for (int i = 0; i < 600 && !next.IsCompleted; i++)
        {
            await silence.AdvanceAsync();
        }

        Status failure = await Expect.FailureAsync(StatusCode.Unavailable, () => next, "the stream whose client asks too often");
        Expect.Equal(true, failure.Detail.Contains("too_many_pings", StringComparison.Ordinal), $"the reason too_many_pings in \"{failure.Detail}\"");
    }

    // A stream on which one message was answered and nothing follows, and the two clocks.
    private sealed class Silence : IDisposable
    {
        private readonly ManualTimeProvider _time;
        private readonly GrpcChannel _channel;
        private readonly TcpClient _clock;
        private readonly StreamReader _answers;

        private Silence(
            ManualTimeProvider time,
            GrpcChannel channel,
            TcpClient clock,
            AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call)
        {
            _time = time;
            _channel = channel;
            _clock = clock;
            _answers = new StreamReader(clock.GetStream());
            Call = call;
        }

        public AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> Call { get; }

        public long PingsJudged { get; private set; }

        public long PingsSent => LiveEntities.GetChannels(0, int.MaxValue)
            .SelectMany(channel => channel.Subchannels).SelectMany(subchannel => subchannel.Connections).Sum(connection => connection.KeepAlivesSent);

        public static async Task<Silence> BeginAsync(InteropTarget target, TimeSpan? keepAliveTime)
        {
            TcpClient clock = new() { NoDelay = true };
            await clock.ConnectAsync(IPAddress.Loopback, target.Flags.Number("clock_port"));
            ManualTimeProvider time = new();
            GrpcChannel channel = target.Open(options =>
            {
                options.TimeProvider = time;
                options.KeepAliveTime = keepAliveTime;

                // Time passes much faster than bytes here. The timeout changes nothing about when pings are sent.
                options.KeepAliveTimeout = TimeSpan.FromMinutes(5);
            });
            Silence silence = new(time, channel, clock, new TestService.TestServiceClient(channel).FullDuplexCall());
            await silence.ExchangeAsync();
            return silence;
        }

        public async Task ExchangeAsync()
        {
            await Call.RequestStream.WriteAsync(new StreamingOutputCallRequest());
            Expect.Equal(true, await Call.ResponseStream.MoveNext(), "a response");
        }

        // Both clocks, by one step. The server answers, so that it can do no more than keep up.
        public async Task AdvanceAsync()
        {
            _time.Advance(Step);
            await _clock.GetStream().WriteAsync("1000\n"u8.ToArray());
            PingsJudged = long.Parse(await _answers.ReadLineAsync() ?? throw new CaseFailedException("The server's clock has stopped."), CultureInfo.InvariantCulture);
        }

        public void Dispose()
        {
            Call.Dispose();
            _channel.Dispose();
            _answers.Dispose();
            _clock.Dispose();
        }
    }
}
