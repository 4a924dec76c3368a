// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Tests.Vocabulary;

public class StatusTests
{
    [Fact]
    public void A_default_status_is_OK_with_an_empty_text()
    {
        Status status = default;
        Assert.Equal(StatusCode.OK, status.StatusCode);
        Assert.Equal("", status.Detail);
    }

    [Fact]
    public void An_RpcException_keeps_the_cause_and_the_trailers()
    {
        var cause = new IOException("cable cut");
        var trailers = new Metadata { { "k", "v" } };
        var exception = new RpcException(new Status(StatusCode.Unavailable, "gone", cause), trailers);
        Assert.Same(cause, exception.InnerException);
        Assert.Same(trailers, exception.Trailers);
        Assert.Equal(StatusCode.Unavailable, exception.StatusCode);
        Assert.Contains("gone", exception.Message, StringComparison.Ordinal);
        Assert.Same(Metadata.Empty, new RpcException(default).Trailers);
    }

    [Fact]
    public void A_key_pair_tells_no_secret() =>
        Assert.Equal("KeyCertificatePair", new KeyCertificatePair("cert", "secret").ToString());

    [Fact]
    public void The_codes_have_their_wire_values() =>
        Assert.Equal(Enumerable.Range(0, 17), Enum.GetValues<StatusCode>().Select(code => (int)code).Order());
}
