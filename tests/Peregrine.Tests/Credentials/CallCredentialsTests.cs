// SPDX-License-Identifier: Apache-2.0
using Peregrine.Client;

namespace Peregrine.Tests.Credentials;

public class CallCredentialsTests
{
    private static readonly AuthInterceptorContext Context = new("https://host/pkg.Service", "Call");

    [Fact]
    public void The_one_argument_form_requires_transport_security()
    {
        Assert.True(Token("a").RequiresTransportSecurity);
        Assert.False(CallCredentials.FromInterceptor((_, _) => Task.CompletedTask, false).RequiresTransportSecurity);
    }

    [Fact]
    public void A_composition_requires_transport_security_if_any_part_does()
    {
        CallCredentials open = CallCredentials.FromInterceptor((_, _) => Task.CompletedTask, false);
        Assert.False(CallCredentials.Compose(open, open).RequiresTransportSecurity);
        Assert.True(CallCredentials.Compose(open, Token("a")).RequiresTransportSecurity);
    }

    [Fact]
    public void Required_security_on_plaintext_is_UNAUTHENTICATED_unless_allowed()
    {
        Status? status = CallCredentialsPolicy.CheckTransport(Token("a"), isTransportSecure: false, allowInsecure: false);
        Assert.Equal(StatusCode.Unauthenticated, status!.Value.StatusCode);
        Assert.Contains("UnsafeUseInsecureChannelCallCredentials", status.Value.Detail, StringComparison.Ordinal);
        Assert.Null(CallCredentialsPolicy.CheckTransport(Token("a"), isTransportSecure: true, allowInsecure: false));
        Assert.Null(CallCredentialsPolicy.CheckTransport(Token("a"), isTransportSecure: false, allowInsecure: true));
        Assert.Null(CallCredentialsPolicy.CheckTransport(null, isTransportSecure: false, allowInsecure: false));
    }

    [Fact]
    public async Task All_parts_of_a_composition_add_their_entries_in_order()
    {
        CallCredentials both = CallCredentialsPolicy.Combine(Token("channel"), Token("call"))!;
        Metadata metadata = await CallCredentialsPolicy.FetchAsync(both, Context);
        Assert.Equal(["channel", "call"], metadata.GetAll("authorization").Select(entry => entry.Value));
    }

    [Fact]
    public async Task A_failing_interceptor_is_UNAUTHENTICATED_with_its_cause()
    {
        var cause = new InvalidOperationException("no token");
        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            () => CallCredentialsPolicy.FetchAsync(CallCredentials.FromInterceptor((_, _) => throw cause), Context));
        Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
        Assert.Same(cause, failure.InnerException);
    }

    [Fact]
    public async Task An_interceptor_that_could_not_reach_its_source_is_UNAVAILABLE()
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            () => CallCredentialsPolicy.FetchAsync(CallCredentials.FromInterceptor((_, _) => throw new IOException("down")), Context));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    [Fact]
    public async Task A_failing_part_of_a_composition_is_the_last_that_is_asked()
    {
        var asked = 0;
        CallCredentials counting = CallCredentials.FromInterceptor((_, _) => Task.FromResult(asked++));
        CallCredentials failing = CallCredentials.FromInterceptor((_, _) => throw new InvalidOperationException());
        _ = await Assert.ThrowsAsync<RpcException>(
            () => CallCredentialsPolicy.FetchAsync(CallCredentials.Compose(counting, failing, counting), Context));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_static_token_is_sent_as_a_bearer_token_and_a_header_as_it_is()
    {
        CallCredentials both = CallCredentials.Compose(CallCredentials.FromToken("abc"), CallCredentials.FromHeader("X-Api-Key", "k"));
        Assert.True(both.RequiresTransportSecurity);
        Assert.False(CallCredentials.FromHeader("a", "b", requireTransportSecurity: false).RequiresTransportSecurity);
        Metadata metadata = await CallCredentialsPolicy.FetchAsync(both, Context);
        Assert.Equal("Bearer abc", metadata.GetValue("authorization"));
        Assert.Equal("k", metadata.GetValue("x-api-key"));
    }

    [Theory]
    [InlineData(StatusCode.NotFound, StatusCode.Internal)]
    [InlineData(StatusCode.PermissionDenied, StatusCode.PermissionDenied)]
    public async Task Codes_reserved_to_applications_from_credentials_become_INTERNAL(StatusCode thrown, StatusCode seen)
    {
        CallCredentials credentials = CallCredentials.FromInterceptor((_, _) => throw new RpcException(new Status(thrown, "x")));
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => CallCredentialsPolicy.FetchAsync(credentials, Context));
        Assert.Equal(seen, failure.StatusCode);
    }

    [Theory]
    [InlineData(true, "host:443", "https://host/pkg.Service")]
    [InlineData(true, "host:8443", "https://host:8443/pkg.Service")]
    [InlineData(false, "host:80", "http://host/pkg.Service")]
    public void The_service_url_leaves_out_the_default_port(bool secure, string authority, string url)
    {
        var method = new Method<string, string>(
            MethodType.Unary, "pkg.Service", "Call", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        AuthInterceptorContext context = CallCredentialsPolicy.CreateContext(secure, authority, method, CancellationToken.None);
        Assert.Equal(url, context.ServiceUrl);
        Assert.Equal("Call", context.MethodName);
    }

    [Fact]
    public void Channel_credentials_carry_transport_and_call_credentials()
    {
        ChannelCredentials composed = ChannelCredentials.Create(ChannelCredentials.SecureSsl, Token("a"));
        Assert.NotNull(composed.Ssl);
        Assert.NotNull(composed.CallCredentials);
        Assert.Null(ChannelCredentials.Insecure.Ssl);
        Assert.NotNull(ChannelCredentials.Create(ChannelCredentials.Insecure, Token("a")).CallCredentials);
    }

    private static CallCredentials Token(string token) => CallCredentials.FromInterceptor((_, metadata) =>
    {
        metadata.Add("authorization", token);
        return Task.CompletedTask;
    });
}
