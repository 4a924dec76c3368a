// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Credentials;

/// <summary>Whether a peer's certificate is accepted; if not, why. An immutable value.</summary>
internal readonly record struct PeerCertificateVerdict(bool IsAccepted, string? RefusalReason)
{
    public static PeerCertificateVerdict Accepted { get; } = new(true, null);

    /// <summary>It is not accepted. The reason may hold text of the certificate, which is the peer's: it is escaped here.</summary>
    public static PeerCertificateVerdict Refused(string reason) => new(false, PrintableText.Escape(reason));
}
