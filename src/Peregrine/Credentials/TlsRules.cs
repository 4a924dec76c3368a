// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Security.Authentication;

namespace Peregrine.Credentials;

/// <summary>The TLS settings that both sides share.</summary>
internal static class TlsRules
{
    /// <summary>RFC 9113 section 9.2: HTTP/2 needs TLS 1.2 or higher.</summary>
    [SuppressMessage("Security", "CA5398", Justification = "The platform's choice may include versions that HTTP/2 forbids.")]
    public static SslProtocols Protocols => SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>id-kp-serverAuth, RFC 5280 section 4.2.1.12.</summary>
    public const string ServerUsage = "1.3.6.1.5.5.7.3.1";

    /// <summary>id-kp-clientAuth, RFC 5280 section 4.2.1.12.</summary>
    public const string ClientUsage = "1.3.6.1.5.5.7.3.2";
}
