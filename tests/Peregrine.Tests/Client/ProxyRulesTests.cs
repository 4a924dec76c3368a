// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Client;
using Peregrine.Resolution;

namespace Peregrine.Tests.Client;

public class ProxyRulesTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("http_proxy=http://c:1", "c:1")]
    [InlineData("https_proxy=http://b:1;http_proxy=http://c:1", "b:1")]
    [InlineData("grpc_proxy=http://a:1;https_proxy=http://b:1;http_proxy=http://c:1", "a:1")]
    [InlineData("grpc_proxy=;https_proxy=http://b:1", null)]
    [InlineData("HTTP_PROXY=http://c:1;all_proxy=http://d:1", null)]
    [InlineData("http_proxy=c:3128", "c:3128")]
    [InlineData("http_proxy=http://c", "c:80")]
    [InlineData("http_proxy=http://[::1]:3128/", "[::1]:3128")]
    [InlineData("http_proxy=http://c:1;no_proxy=server.test", null)]
    [InlineData("http_proxy=http://c:1;no_proxy=other.test", "c:1")]
    [InlineData("http_proxy=http://c:1;no_grpc_proxy=other.test;no_proxy=server.test", "c:1")]
    [InlineData("http_proxy=http://c:1;no_grpc_proxy=server.test", null)]
    public void The_environment_names_the_proxy(string variables, string? proxy) =>
        Assert.Equal(proxy, ProxyRules.FromEnvironment(Variables(variables)).Find("server.test", 443)?.ToString());

    [Fact]
    public void A_loopback_target_is_no_exception_unless_no_proxy_says_so()
    {
        Assert.NotNull(ProxyRules.FromEnvironment(Variables("http_proxy=http://c:1")).Find("127.0.0.1", 443));
        Assert.Null(ProxyRules.FromEnvironment(Variables("http_proxy=http://c:1;no_proxy=127.0.0.0/8")).Find("127.0.0.1", 443));
    }

    [Theory]
    [InlineData("http://joe:secret@c:1", "joe:secret")]
    [InlineData("http://joe:s%40cr%3Aet@c:1", "joe:s@cr:et")]
    [InlineData("http://j%C3%BCrgen@c:1", "jürgen")]
    [InlineData("joe:secret@c:1", "joe:secret")]
    public void User_and_password_become_Basic_credentials(string address, string credentials)
    {
        Assert.True(HttpProxy.TryParse(address, "test", out var proxy, out _));
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)), proxy.Authorization);
        Assert.Equal("c:1", proxy.ToString());
    }

    [Theory]
    [InlineData("socks5://joe:secret@c:1", "'socks5'")]
    [InlineData("https://joe:secret@c:1", "'https'")]
    [InlineData("http://joe:secret@c:1/path", "more than the address")]
    [InlineData("http://joe:secret@:1", "not the address")]
    [InlineData("http://joe:secret@c:99999", "not the address")]
    public void What_is_not_the_address_of_a_proxy_is_told_without_its_password(string address, string why)
    {
        var thrown = Assert.Throws<InvalidOperationException>(() => ProxyRules.FromEnvironment(Variables($"https_proxy={address}")));
        Assert.StartsWith("The environment variable https_proxy ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(why, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", thrown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_given_address_holds_for_every_host_and_a_malformed_one_is_refused_at_once()
    {
        Assert.Equal("p.test:3128", ChannelProxy.ForAddress(new Uri("http://p.test:3128")).Read().Find("127.0.0.1", 1)?.ToString());
        Assert.Null(ChannelProxy.None.Read().Find("server.test", 1));
        var thrown = Assert.Throws<ArgumentException>(() => ChannelProxy.ForAddress(new Uri("ftp://joe:secret@p.test")));
        Assert.DoesNotContain("secret", thrown.ToString(), StringComparison.Ordinal);
    }

    private static Func<string, string?> Variables(string text)
    {
        var variables = text.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return variables.GetValueOrDefault;
    }
}
