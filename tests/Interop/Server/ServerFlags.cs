// SPDX-License-Identifier: Apache-2.0
namespace Interop.Server;

/// <summary>What <c>Interop server</c> can be told.</summary>
internal static class ServerFlags
{
    public static readonly IReadOnlyList<Flag> All =
    [
        new("port", "8080", "Where to listen, on 127.0.0.1; 0 lets the system choose."),
        new("use_tls", "false", "Whether connections are encrypted; needs a certificate and its key."),
        new("tls_cert_file", "", "The server's certificate chain, PEM."),
        new("tls_key_file", "", "The certificate's private key, PEM."),
        new("expect_token", "", "The bearer token of the one caller that is known; without it no caller is authenticated."),
        new("token_username", "interop-caller", "The name of the caller with that token."),
    ];
}
