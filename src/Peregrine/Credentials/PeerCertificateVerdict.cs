// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Credentials;

/// <summary>Whether a peer's certificate is accepted; if not, why. An immutable value.</summary>
internal readonly record struct PeerCertificateVerdict(bool IsAccepted, string? RefusalReason)
{
    public static PeerCertificateVerdict Accepted { get; } = new(true, null);

    public static PeerCertificateVerdict Refused(string reason) => new(false, reason);
}
