// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Transport;

namespace Peregrine.Tests.Transport;

public class ConnectResponseReaderTests
{
    private const string Established = "HTTP/1.1 200 Connection established\r\nProxy-Agent: test\r\n\r\n";

    public static TheoryData<string, int> Heads => new()
    {
        { Established, 200 },
        { "HTTP/1.0 200 OK\r\n\r\n", 200 },
        { "HTTP/1.1 200\r\n\r\n", 200 },
        { "HTTP/1.1 204 \n\n", 204 },
        { "HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 200 },
        { "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 5\r\n\r\n", 407 },
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public void A_head_is_read_in_two_pieces_split_at_every_byte_and_nothing_behind_it(string head, int status)
    {
        var bytes = Encoding.ASCII.GetBytes(head + "tunnel");
        for (var split = 0; split <= bytes.Length; split++)
        {
            var reader = new ConnectResponseReader();
            var taken = reader.Read(bytes.AsSpan(0, split));
            if (!reader.IsComplete)
            {
                taken += reader.Read(bytes.AsSpan(split));
            }

            Assert.True(reader.IsComplete);
            Assert.False(reader.IsMalformed);
            Assert.Equal(head.Length, taken);
            Assert.Equal(status, reader.Status);
        }
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void A_head_is_read_byte_by_byte_and_is_complete_with_its_last_byte_only(string head, int status)
    {
        var reader = new ConnectResponseReader();
        foreach (var value in Encoding.ASCII.GetBytes(head))
        {
            Assert.False(reader.IsComplete);
            Assert.Equal(1, reader.Read([value]));
        }

        Assert.True(reader.IsComplete);
        Assert.Equal(status, reader.Status);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n", "S")]
    [InlineData("\u0015\u0003\u0003", "?")]
    [InlineData("HTTP/2.0 200 OK\r\n\r\n", "HTTP/2")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 20 OK")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 2000 OK")]
    [InlineData("HTTP/1.1\r\n\r\n", "HTTP/1.1")]
    public void What_is_not_HTTP_1_is_recognized(string text, string shown)
    {
        var reader = new ConnectResponseReader();
        reader.Read(Encoding.Latin1.GetBytes(text));
        Assert.True(reader.IsMalformed);
        Assert.False(reader.IsComplete);
        Assert.Equal(shown, reader.StatusLine);
    }

    [Fact]
    public void A_head_longer_than_the_bound_is_refused_and_one_of_its_length_is_not()
    {
        const string start = "HTTP/1.1 200 OK\r\nX: ";
        var fits = start + new string('x', ConnectResponseReader.MaxLength - start.Length - 4) + "\r\n\r\n";
        var reader = new ConnectResponseReader();
        Assert.Equal(fits.Length, reader.Read(Encoding.ASCII.GetBytes(fits)));
        Assert.True(reader.IsComplete);

        reader = new ConnectResponseReader();
        reader.Read(Encoding.ASCII.GetBytes(start + new string('x', ConnectResponseReader.MaxLength)));
        Assert.True(reader.IsMalformed);
    }

    [Fact]
    public void The_status_line_is_shown_shortened_and_without_control_characters()
    {
        var reader = new ConnectResponseReader();
        reader.Read(Encoding.Latin1.GetBytes("HTTP/1.1 502 \u001b[31mBad\u00e9" + new string('!', 500) + "\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 502 ?[31mBad?!!", reader.StatusLine, StringComparison.Ordinal);
        Assert.Equal(200, reader.StatusLine.Length);
    }
}
