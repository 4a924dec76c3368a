// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Credentials;

/// <summary>A certificate and key in PEM text, with the names that errors give them.</summary>
internal sealed class PemTextSource(KeyCertificatePair pair, string certificateName, string keyName) : CertificateSource
{
    internal override bool CanChange => false;

    internal override TlsIdentity Read(TlsIdentity? previous) => previous ?? PemDecoder.DecodeIdentity(pair, certificateName, keyName);
}
