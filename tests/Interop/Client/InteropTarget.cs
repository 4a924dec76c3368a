// SPDX-License-Identifier: Apache-2.0
using Grpc.Testing;
using Peregrine;
using Peregrine.Client;

namespace Interop.Client;

/// <summary>The server that a case calls, and the channel that the case shares. Disposing closes that one.</summary>
internal sealed class InteropTarget : IDisposable
{
    private const string TestName = "foo.test.google.fr";

    private readonly Lazy<GrpcChannel> _channel;
    private readonly ChannelCredentials _credentials;
    private readonly string? _nameOverride;

    public InteropTarget(CommandLine flags)
    {
        Flags = flags;
        bool tls = flags.Switch("use_tls");
        Uri = $"{(tls ? "https" : "http")}://{flags.Text("server_host")}:{flags.Number("server_port")}";
        _credentials = !tls ? ChannelCredentials.Insecure
            : flags.Switch("use_test_ca") ? SslCredentials.FromFiles(flags.Required("ca_file", "--use_test_ca=true needs the CA's certificate"))
            : new SslCredentials();
        _nameOverride = flags.Text("server_host_override") is { Length: > 0 } name ? name
            : tls && flags.Switch("use_test_ca") ? TestName
            : null;
        _channel = new Lazy<GrpcChannel>(() => Open());
    }

    public CommandLine Flags { get; }

    public string Uri { get; }

    /// <summary>A client on the channel that the whole case shares.</summary>
    public TestService.TestServiceClient Client => new(_channel.Value);

    /// <summary>Makes another channel, which the caller disposes.</summary>
    public GrpcChannel Open(Action<GrpcChannelOptions>? configure = null)
    {
        GrpcChannelOptions options = new() { Credentials = _credentials, SslTargetNameOverride = _nameOverride };
        configure?.Invoke(options);
        return GrpcChannel.ForAddress(Uri, options);
    }

    public void Dispose()
    {
        if (_channel.IsValueCreated)
        {
            _channel.Value.Dispose();
        }
    }
}
