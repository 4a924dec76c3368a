// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Credentials;

/// <summary>A certificate and key in PEM files, read again whenever their contents differ and are no longer being written.</summary>
internal sealed class PemFileSource(string certificateChainPath, string privateKeyPath) : CertificateSource
{
    internal override TlsIdentity Read(TlsIdentity? previous)
    {
        // The contents say whether they are new, not the times of the files: links that are switched, and clocks that stand still, are seen through.
        FileContents chain = FileContents.Read(certificateChainPath);
        FileContents key = FileContents.Read(privateKeyPath);
        var pair = new KeyCertificatePair(chain.Text, key.Text);
        byte[] origin = TlsIdentity.OriginOf(pair.CertificateChain, pair.PrivateKey);
        return previous is not null && previous.Stays(origin, chain.HaveSettled && key.HaveSettled)
            ? previous
            : PemDecoder.DecodeIdentity(
                pair, $"the certificate file '{certificateChainPath}'", $"the private key file '{privateKeyPath}'", origin);
    }
}
