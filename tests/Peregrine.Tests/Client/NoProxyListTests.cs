// SPDX-License-Identifier: Apache-2.0
using Peregrine.Resolution;

namespace Peregrine.Tests.Client;

public class NoProxyListTests
{
    [Theory]
    [InlineData("example.com", "example.com", true)]
    [InlineData("example.com", "EXAMPLE.com", true)]
    [InlineData("example.com", "www.example.com", true)]
    [InlineData("example.com", "badexample.com", false)]
    [InlineData("example.com", "example.com.evil.test", false)]
    [InlineData("example.com", "example.com.", true)]
    [InlineData(".example.com", "www.example.com", true)]
    [InlineData(".example.com", "example.com", false)]
    [InlineData("*.example.com", "a.b.example.com", true)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*", "anything.test", true)]
    [InlineData("*", "10.1.2.3", true)]
    [InlineData("", "example.com", false)]
    [InlineData(null, "example.com", false)]
    [InlineData(" a.test , b.test ", "b.test", true)]
    [InlineData("a.test,,b.test", "c.test", false)]
    [InlineData("localhost", "localhost", true)]
    public void Names_are_matched_as_hosts_and_domains(string? list, string host, bool included) =>
        Assert.Equal(included, new NoProxyList(list).Includes(host, 443));

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.30", false)]
    [InlineData("2.3", "10.1.2.3", false)]
    [InlineData("10.1.2.3", "::ffff:10.1.2.3", true)]
    [InlineData("::1", "::1", true)]
    [InlineData("[::1]", "0:0::1", true)]
    [InlineData("10.0.0.0/8", "10.200.1.1", true)]
    [InlineData("10.9.9.9/8", "10.200.1.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("192.168.16.0/20", "192.168.31.255", true)]
    [InlineData("192.168.16.0/20", "192.168.32.0", false)]
    [InlineData("0.0.0.0/0", "8.8.8.8", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("fd00::/8", "fd12::1", true)]
    [InlineData("fd00::/8", "fe80::1", false)]
    [InlineData("10.0.0.0/33", "10.0.0.1", false)]
    [InlineData("10.0.0.0/8", "ten.test", false)]
    public void Addresses_are_matched_as_addresses_and_networks(string list, string host, bool included) =>
        Assert.Equal(included, new NoProxyList(list).Includes(host, 443));

    [Theory]
    [InlineData("example.com:443", "example.com", true)]
    [InlineData("example.com:80", "example.com", false)]
    [InlineData(".example.com:443", "www.example.com", true)]
    [InlineData("10.1.2.3:443", "10.1.2.3", true)]
    [InlineData("10.1.2.3:80", "10.1.2.3", false)]
    [InlineData("[::1]:443", "::1", true)]
    [InlineData("[::1]:80", "::1", false)]
    public void A_port_restricts_an_entry(string list, string host, bool included) =>
        Assert.Equal(included, new NoProxyList(list).Includes(host, 443));
}
