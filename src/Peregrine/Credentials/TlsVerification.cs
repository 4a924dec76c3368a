// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Credentials;

/// <summary>
/// What one handshake found out about the peer. <see cref="System.Net.Security.SslStream"/> only says that the callback refused;
/// the reason stands here. One instance per handshake, written by the callback, read after the handshake has ended.
/// </summary>
internal sealed class TlsVerification
{
    /// <summary>Why the peer's certificate was refused, as a sentence without its end; null when it was not.</summary>
    public string? RefusalReason { get; private set; }

    /// <summary>Whether the peer presented a certificate that passed every check.</summary>
    public bool IsPeerVerified { get; private set; }

    /// <summary>Who the peer is; made in the callback, as the certificate is disposed with the stream.</summary>
    public AuthContext AuthContext { get; private set; } = TlsAuthContext.Anonymous;

    internal bool Record(PeerCertificateVerdict verdict, X509Certificate2? certificate, bool verified)
    {
        RefusalReason = verdict.RefusalReason;
        IsPeerVerified = verdict.IsAccepted && verified && certificate is not null;
        if (verdict.IsAccepted && certificate is not null)
        {
            AuthContext = TlsAuthContext.FromCertificate(certificate, IsPeerVerified);
        }

        return verdict.IsAccepted;
    }
}
