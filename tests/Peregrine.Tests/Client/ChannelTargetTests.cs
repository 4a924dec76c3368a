// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Peregrine.Resolution;

namespace Peregrine.Tests.Client;

public sealed class ChannelTargetTests
{
    [Theory]
    [InlineData("http://localhost:5000", false, "localhost:5000", "localhost", 5000)]
    [InlineData("http://localhost:5000/", false, "localhost:5000", "localhost", 5000)]
    [InlineData("http://localhost", false, "localhost", "localhost", 80)]
    [InlineData("https://example.test", true, "example.test", "example.test", 443)]
    [InlineData("HTTPS://Example.test:8443", true, "example.test:8443", "example.test", 8443)]
    [InlineData("http://[::1]:80", false, "[::1]", "::1", 80)]
    [InlineData("https://[::1]:50051", true, "[::1]:50051", "::1", 50051)]
    public void Http_addresses_name_security_host_port_and_authority(string target, bool secure, string authority, string host, int port)
    {
        var parsed = ChannelTarget.Parse(target);

        Assert.Equal(secure, parsed.IsSecure);
        Assert.Equal(authority, parsed.Authority);
        Assert.Equal(host, parsed.Host);
        Assert.Equal(port, parsed.Port);
        Assert.Equal(target, parsed.Text);
    }

    [Theory]
    [InlineData("localhost:5000", "localhost:5000", "localhost", 5000)]
    [InlineData("dns:localhost:5000", "localhost:5000", "localhost", 5000)]
    [InlineData("dns:///localhost:5000", "localhost:5000", "localhost", 5000)]
    [InlineData("dns:5000", "dns:5000", "dns", 5000)]
    [InlineData("[::1]:5000", "[::1]:5000", "::1", 5000)]
    [InlineData("ipv4:127.0.0.1:5000", "127.0.0.1:5000", "127.0.0.1", 5000)]
    [InlineData("ipv6:[::1]:5000", "[::1]:5000", "::1", 5000)]
    public void Grpc_targets_leave_security_to_the_credentials(string target, string authority, string host, int port)
    {
        var parsed = ChannelTarget.Parse(target);

        Assert.Null(parsed.IsSecure);
        Assert.Equal(authority, parsed.Authority);
        Assert.Equal(host, parsed.Host);
        Assert.Equal(port, parsed.Port);
    }

    [Theory]
    [InlineData("http://localhost:5000", "dns:///localhost:5000", "localhost", 5000)]
    [InlineData("http://127.0.0.1:5000", "dns:///127.0.0.1:5000", "127.0.0.1", 5000)]
    [InlineData("https://example.test", "dns:///example.test", "example.test", 443)]
    [InlineData("example.test", "dns:///example.test", "example.test", 443)]
    [InlineData("dns:5000", "dns:///dns:5000", "dns", 5000)]
    [InlineData("dns:///localhost:5000", "dns:///localhost:5000", "localhost", 5000)]
    [InlineData("ipv6:[::1]:5000", "ipv6:[::1]:5000", "::1", 5000)]
    [InlineData("ipv4:10.0.0.1:80,10.0.0.2:80", "ipv4:10.0.0.1:80,10.0.0.2:80", "ipv4:10.0.0.1:80,10.0.0.2:80", null)]
    [InlineData("unix:///run/a.sock", "unix:///run/a.sock", "/run/a.sock", null)]
    [InlineData("inproc:orders", "inproc:orders", "inproc:orders", null)]
    public void Traces_and_metrics_name_the_target_as_their_conventions_say(string target, string canonical, string address, int? port)
    {
        var parsed = ChannelTarget.Parse(target);

        Assert.Equal(canonical, parsed.CanonicalText);
        Assert.Equal(address, parsed.ServerAddress);
        Assert.Equal(port, parsed.ServerPort(secure: true));
    }

    [Theory]
    [InlineData("example.test")]
    [InlineData("dns:///example.test")]
    [InlineData("::1")]
    public void A_target_without_port_gets_443_with_TLS_and_80_without(string target)
    {
        var parsed = ChannelTarget.Parse(target);

        Assert.Null(parsed.Port);
        Assert.Equal(443, parsed.PortOrDefault(secure: true));
        Assert.Equal(80, parsed.PortOrDefault(secure: false));
    }

    [Fact]
    public void Several_literal_addresses_are_kept_in_order()
    {
        var parsed = ChannelTarget.Parse("ipv4:127.0.0.1:5000,127.0.0.2:6000");

        Assert.Equal([IPEndPoint.Parse("127.0.0.1:5000"), IPEndPoint.Parse("127.0.0.2:6000")], parsed.Addresses);
    }

    [Theory]
    [InlineData("http://localhost:5000/prefix", "the path is that of the called method")]
    [InlineData("http://user@localhost:5000", "a scheme, a host and a port only")]
    [InlineData("dns://8.8.8.8/localhost:5000", "a DNS server of one's own")]
    [InlineData("dns://localhost:5000", "three slashes")]
    [InlineData("ftp://localhost", "the scheme 'ftp' is not known")]
    [InlineData("unix://host/socket", "three slashes")]
    [InlineData("localhost:", "is not a port")]
    [InlineData("localhost:0", "is not a port")]
    [InlineData("localhost:65536", "is not a port")]
    [InlineData("localhost:-1", "is not a port")]
    [InlineData(":5000", "the host is missing")]
    [InlineData("[::1:5000", "not closed")]
    [InlineData("[::1]5000", "only :port may stand")]
    [InlineData("two words:80", "not a host name")]
    [InlineData("ipv4:[::1]:80", "not an address of the kind")]
    [InlineData("ipv4:", "names no address")]
    public void A_wrong_target_is_an_ArgumentException_that_says_why(string target, string why)
    {
        var thrown = Assert.Throws<ArgumentException>(() => ChannelTarget.Parse(target));

        Assert.Contains(why, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(target, thrown.Message, StringComparison.Ordinal);
    }
}
