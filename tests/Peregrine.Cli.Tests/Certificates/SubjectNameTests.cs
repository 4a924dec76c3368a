// SPDX-License-Identifier: Apache-2.0

using Peregrine.Cli.Certificates;
using Xunit;

namespace Peregrine.Cli.Tests.Certificates;

public class SubjectNameTests
{
    [Theory]
    [InlineData("localhost", "localhost")]
    [InlineData("*.GRPCStudy.com", "*.grpcstudy.com")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("my_service.internal.", "my_service.internal")]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("[::1]", "::1")]
    [InlineData("spiffe://example.org/ns/default", "spiffe://example.org/ns/default")]
    public void Names_are_DNS_names_addresses_or_URIs(string text, string name) => Assert.Equal(name, SubjectName.Parse(text).Text);

    [Theory]
    [InlineData("*grpcstudy.com", "\"*.grpcstudy.com\"")]
    [InlineData("*.com", "too wide")]
    [InlineData("a b", "no DNS name")]
    [InlineData("a..b", "no DNS name")]
    [InlineData("-a.example", "no DNS name")]
    [InlineData("a.*.example", "no DNS name")]
    [InlineData("*", "no DNS name")]
    [InlineData("", "no DNS name")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example", "no DNS name")]
    public void What_matches_nothing_is_refused_with_what_was_meant(string text, string why) =>
        Assert.Contains(why, Assert.Throws<ToolException>(() => SubjectName.Parse(text)).Message, StringComparison.Ordinal);
}
