// SPDX-License-Identifier: Apache-2.0
using System;
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

    /// <summary>Decides about the peer's certificate. Throws nothing: what cannot be read is refused.</summary>
    /// <param name="decide">Decides.</param>
    /// <param name="certificate">The certificate; null when none came.</param>
    /// <param name="verified">Whether it is verified by what decides.</param>
    internal bool Record(Func<PeerCertificateVerdict> decide, X509Certificate2? certificate, bool verified)
    {
        try
        {
            PeerCertificateVerdict verdict = decide();
            RefusalReason = verdict.RefusalReason;
            if (verdict.IsAccepted && certificate is not null)
            {
                AuthContext = TlsAuthContext.FromCertificate(certificate, verified);
                IsPeerVerified = verified;
            }

            return verdict.IsAccepted;
        }
        catch (Exception e)
        {
            // The platform reads parts of a certificate only when they are asked for, such as its names, and throws then.
            RefusalReason = PeerCertificateVerdict.Refused($"the certificate cannot be read: {e.Message}").RefusalReason;
            return false;
        }
    }
}
