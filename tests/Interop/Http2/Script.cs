// SPDX-License-Identifier: Apache-2.0
using Peregrine.TestKit;

namespace Interop.Http2;

/// <summary>
/// How the server of one negative case behaves ("negative-http2-interop-test-descriptions"). By default as it should: the cases
/// differ from that. One script serves all connections of the client.
/// </summary>
internal abstract class Script
{
    private const int MaxConcurrentStreams = 3;

    /// <summary>The first frame of a connection.</summary>
    public virtual RawFrame Settings => new(RawFrameType.Settings, 0, 0, []);

    /// <summary>Answers a call.</summary>
    public abstract Task AnswerAsync(ScriptedCall call);

    /// <summary>What the server asserts when a connection has ended: null when all is well.</summary>
    public virtual string? FindFault(FrameConnection connection) => null;

    private static async Task AnswerWellAsync(ScriptedCall call)
    {
        await call.SendHeadersAsync();
        await call.SendDataAsync(call.Response());
        await call.SendTrailersAsync();
    }

    /// <summary>GOAWAY at the first call: it is answered all the same, and the next must come on another connection.</summary>
    internal sealed class GoAway : Script
    {
        private FrameConnection? _first;

        public override async Task AnswerAsync(ScriptedCall call)
        {
            if (Interlocked.CompareExchange(ref _first, call.Connection, null) is null)
            {
                await call.Connection.SendAsync(RawFrame.OfNumbers(RawFrameType.GoAway, 0, (uint)call.Stream, 0));
            }
            else if (_first == call.Connection)
            {
                // Past the last stream that GOAWAY named: not processed, as it said.
                return;
            }

            await AnswerWellAsync(call);
        }

        public override string? FindFault(FrameConnection connection) =>
            connection == _first || connection.Calls == 1 ? null : $"expected one call behind GOAWAY, but {connection.Calls} came";
    }

    internal sealed class ResetAfterHeader : Script
    {
        public override async Task AnswerAsync(ScriptedCall call)
        {
            await call.SendHeadersAsync();
            await call.ResetAsync();
        }
    }

    internal sealed class ResetDuringData : Script
    {
        public override async Task AnswerAsync(ScriptedCall call)
        {
            byte[] response = call.Response();
            await call.SendHeadersAsync();
            await call.SendDataAsync(response.AsMemory(0, response.Length / 2));
            await call.ResetAsync();
        }
    }

    internal sealed class ResetAfterData : Script
    {
        public override async Task AnswerAsync(ScriptedCall call)
        {
            await call.SendHeadersAsync();
            await call.SendDataAsync(call.Response());
            await call.ResetAsync();
        }
    }

    /// <summary>PING before and after headers and data; every one must be acknowledged.</summary>
    internal sealed class Ping : Script
    {
        public override async Task AnswerAsync(ScriptedCall call)
        {
            await call.Connection.PingAsync();
            await call.SendHeadersAsync();
            await call.Connection.PingAsync();
            await call.SendDataAsync(call.Response());
            await call.Connection.PingAsync();
            await call.SendTrailersAsync();
        }

        public override string? FindFault(FrameConnection connection) => connection.PingsSent == connection.PingsAcknowledged
            ? null
            : $"expected an acknowledgement of each of {connection.PingsSent} PING frames, but {connection.PingsAcknowledged} came";
    }

    /// <summary>One stream at a time. A client may open further connections, and need not use them: its calls may be over by then.</summary>
    internal sealed class MaxStreams : Script
    {
        public override RawFrame Settings => new(RawFrameType.Settings, 0, 0, [0, MaxConcurrentStreams, 0, 0, 0, 1]);

        public override Task AnswerAsync(ScriptedCall call) => AnswerWellAsync(call);

        public override string? FindFault(FrameConnection connection) =>
            connection.MostOpen <= 1 ? null : $"expected one open stream at a time, but {connection.MostOpen} came";
    }

    /// <summary>Much padding around little data: a client that counts the data only lets the windows run dry.</summary>
    internal sealed class DataFramePadding : Script
    {
        private const int PieceLength = 5;
        private const byte Padding = 255;

        public override async Task AnswerAsync(ScriptedCall call)
        {
            await call.SendHeadersAsync();
            await call.SendDataAsync(call.Response(), PieceLength, Padding);
            await call.SendTrailersAsync();
        }
    }
}
