// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Frames;
using Peregrine.TestKit;

namespace Peregrine.Http2.Tests.Rfc9113;

/// <summary>RFC 9113 section 3.4, HTTP/2 Connection Preface.</summary>
public sealed class Section3_4_ConnectionPrefaceTests
{
    private static readonly byte[] Preface = FrameWriter.Preface.ToArray();

    [Fact]
    public void A_client_sends_the_24_octets_and_SETTINGS_before_it_hears_anything()
    {
        using Peer client = Peer.Client();
        byte[] sent = client.Take();
        Assert.Equal(Preface, sent[..24]);
        Assert.Equal((byte)FrameType.Settings, sent[27]);
    }

    [Fact]
    public void A_server_sends_SETTINGS_first_and_not_before_the_preface_is_complete()
    {
        foreach ((string label, IReadOnlyList<ReadOnlyMemory<byte>> chunks) in SplitSequences.ChunksOf(Preface))
        {
            using Peer server = Peer.Server();
            int fed = 0;
            foreach (ReadOnlyMemory<byte> chunk in chunks.Where(chunk => !chunk.IsEmpty))
            {
                Assert.False(server.Connection.HasOutput, label);
                Assert.Empty(server.Take());
                server.Feed(chunk.Span);
                fed += chunk.Length;
            }

            Assert.Equal(24, fed);
            Assert.StartsWith("SETTINGS", server.Sent()[0]);
            Assert.Empty(server.Told());
        }
    }

    [Fact]
    public void Empty_SETTINGS_complete_the_preface_of_either_end()
    {
        using Peer server = Peer.Server();
        server.Feed(new FrameScript().Preface());
        Assert.Equal(["SettingsReceived"], server.Told());
        Assert.True(server.Connection.RemoteSettingsReceived);
        using Peer client = Peer.Client();
        client.Feed(new FrameScript().Settings());
        Assert.Equal(["SettingsReceived"], client.Told());
    }

    [Fact]
    public void A_client_may_send_requests_before_the_servers_SETTINGS()
    {
        using Peer server = Peer.Server();
        server.Feed(new FrameScript().Preface().Headers(1, true, FrameScript.Request));
        Assert.Equal(2, server.Told().Count);
        using Peer client = Peer.Client();
        Assert.True(client.Connection.CanOpenStream);
    }

    [Theory]
    [InlineData(Http2Role.Server)]
    [InlineData(Http2Role.Client)]
    public void Any_other_first_frame_than_SETTINGS_is_connection_error_PROTOCOL_ERROR(Http2Role role)
    {
        FrameScript[] others =
        [
            new FrameScript().Ping(), new FrameScript().SettingsAck(), new FrameScript().WindowUpdate(0, 1), new FrameScript().GoAway(0),
            new FrameScript().Headers(1, true, FrameScript.Request), new FrameScript().Frame(99, 0, 0, 1), new FrameScript().Data(1, false, 1),
        ];
        foreach (FrameScript other in others)
        {
            byte[] bytes = role == Http2Role.Server ? [.. Preface, .. other.ToArray()] : other.ToArray();
            foreach ((string label, IReadOnlyList<ReadOnlyMemory<byte>> chunks) in SplitSequences.ChunksOf(bytes))
            {
                using Peer peer = new(role);
                foreach (ReadOnlyMemory<byte> chunk in chunks.Where(chunk => !chunk.IsEmpty))
                {
                    peer.Feed(chunk.Span);
                }

                Assert.True(peer.Told() is ["ConnectionClosed PROTOCOL_ERROR Library"], label);
                Assert.Equal("GOAWAY 0 PROTOCOL_ERROR", peer.Sent()[^1]);
            }
        }
    }

    [Fact]
    public void A_preface_that_is_wrong_anywhere_is_shown_to_the_owner_and_nothing_is_sent()
    {
        for (int wrong = 0; wrong < Preface.Length; wrong++)
        {
            byte[] bytes = [.. Preface];
            bytes[wrong] ^= 1;
            using Peer server = Peer.Server();
            server.Feed(bytes.AsSpan(0, wrong));
            Assert.Empty(server.Events);
            server.Feed(bytes.AsSpan(wrong));
            Http2Event mismatch = Assert.Single(server.Events);
            Assert.Equal(Http2EventKind.PrefaceMismatch, mismatch.Kind);
            Assert.Equal(bytes, mismatch.Data.Span);
            server.Connection.ReleaseData(mismatch.Data);
            server.Events.Clear();
            Assert.Empty(server.Sent());
            server.Feed(new FrameScript().Ping());
            Assert.Empty(server.Events);
        }
    }

    [Fact]
    public void The_owner_may_answer_a_wrong_preface_by_GOAWAY()
    {
        using Peer server = Peer.Server();
        server.Feed("GET / HTTP/1.1\r\n\r\n"u8);
        server.Connection.ReleaseData(Assert.Single(server.Events).Data);
        server.Connection.Close(Http2ErrorCode.ProtocolError, "not HTTP/2", server.Events);
        Assert.Equal(["SETTINGS", "WINDOW_UPDATE 0 4128769", "GOAWAY 0 PROTOCOL_ERROR"], server.Sent());
    }

    [Fact]
    public void Bytes_of_another_protocol_do_not_pile_up()
    {
        using Peer server = Peer.Server();
        for (int i = 0; i < 100; i++)
        {
            server.Feed(new byte[10_000]);
        }

        server.Connection.ReleaseData(Assert.Single(server.Events).Data);
        Assert.Equal(0, server.Connection.Session.Reader.Buffer.RentedBlocks);
    }
}
