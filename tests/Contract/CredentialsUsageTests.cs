// SPDX-License-Identifier: Apache-2.0
using Peregrine;
using Xunit;

namespace Contract;

/// <summary>Credentials as users make them.</summary>
public class CredentialsUsageTests
{
    [Fact]
    public void Token_credentials_are_composed_with_a_channel()
    {
        var credentials = CallCredentials.FromInterceptor((context, metadata) =>
        {
            if (!string.IsNullOrEmpty(context.ServiceUrl))
            {
                metadata.Add("Authorization", $"Bearer token for {context.MethodName}");
            }

            return Task.CompletedTask;
        });
        AsyncAuthInterceptor interceptor = async (context, metadata) =>
        {
            await Task.Yield();
            metadata.Add("x-api-key", "k");
        };
        ChannelCredentials channel = ChannelCredentials.Create(
            new SslCredentials(), CallCredentials.Compose(credentials, CallCredentials.FromInterceptor(interceptor)));
        Assert.NotNull(channel);
        Assert.NotNull(ChannelCredentials.Insecure);
        Assert.NotNull(ChannelCredentials.SecureSsl);
    }

    [Fact]
    public void Pem_text_makes_server_and_client_credentials()
    {
        var pair = new KeyCertificatePair("cert", "key");
        var server = new SslServerCredentials(new List<KeyCertificatePair> { pair }, "roots", SslClientCertificateRequestType.RequestAndRequireAndVerify);
        var client = new SslCredentials("roots", new KeyCertificatePair("cert", "key"));
        Assert.Equal("roots", server.RootCertificates);
        Assert.Equal("key", client.KeyCertificatePair!.PrivateKey);
        ServerCredentials insecure = ServerCredentials.Insecure;
        Assert.NotSame(insecure, server);
        var option = new ChannelOption(ChannelOptions.SslTargetNameOverride, "foo.test.google.fr");
        Assert.Equal("foo.test.google.fr", option.StringValue);
        Assert.Equal(5, new ChannelOption(ChannelOptions.MaxReceiveMessageLength, 5).IntValue);
    }

    [Fact]
    public void The_auth_context_is_read_in_handlers()
    {
        var context = new AuthContext("x509_common_name", new Dictionary<string, List<AuthProperty>>
        {
            { "x509_common_name", new List<AuthProperty> { AuthProperty.Create("x509_common_name", "alice"u8.ToArray()) } },
        });
        Assert.True(context.IsPeerAuthenticated);
        Assert.Equal("alice", context.PeerIdentity.Single().Value);
        Assert.Equal("alice", context.FindPropertiesByName("x509_common_name").First().Value);
        Assert.Single(context.Properties);
    }
}
