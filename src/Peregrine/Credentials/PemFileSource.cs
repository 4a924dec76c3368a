// SPDX-License-Identifier: Apache-2.0
using System.IO;

namespace Peregrine.Credentials;

/// <summary>A certificate and key in PEM files, read again whenever their contents differ.</summary>
internal sealed class PemFileSource(string certificateChainPath, string privateKeyPath) : CertificateSource
{
    internal override TlsIdentity Read(TlsIdentity? previous)
    {
        // The contents, not the times of the files: links that are switched, and clocks that stand still, are seen through.
        var pair = new KeyCertificatePair(File.ReadAllText(certificateChainPath), File.ReadAllText(privateKeyPath));
        byte[] origin = TlsIdentity.OriginOf(pair.CertificateChain, pair.PrivateKey);
        return previous is not null && previous.HasOrigin(origin)
            ? previous
            : PemDecoder.DecodeIdentity(
                pair, $"the certificate file '{certificateChainPath}'", $"the private key file '{privateKeyPath}'", origin);
    }
}
