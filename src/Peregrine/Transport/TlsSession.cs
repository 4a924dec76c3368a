// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Transport;

/// <summary>The result of a TLS handshake.</summary>
/// <param name="Duplex">The protected bytes; owns the socket.</param>
/// <param name="AuthContext">What is known about the peer.</param>
/// <param name="ClientCertificateMissing">Client: the server asked for a certificate, and none is configured.</param>
/// <param name="ClientCertificateConfigured">Client: there is a certificate, which the server may have asked for.</param>
internal sealed record TlsSession(
    ByteDuplex Duplex, AuthContext AuthContext, bool ClientCertificateMissing = false, bool ClientCertificateConfigured = false);
