// SPDX-License-Identifier: Apache-2.0
using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Credentials;

/// <summary>A certificate and key in a PKCS#12 file, read again whenever its contents differ.</summary>
internal sealed class PfxFileSource(string path, string? password) : CertificateSource
{
    internal override TlsIdentity Read(TlsIdentity? previous)
    {
        byte[] contents = File.ReadAllBytes(path);
        byte[] origin = SHA256.HashData(contents);
        return previous is not null && previous.HasOrigin(origin) ? previous : Decode(contents, origin);
    }

    private TlsIdentity Decode(byte[] contents, byte[] origin)
    {
        X509Certificate2Collection all;
        try
        {
            all = X509CertificateLoader.LoadPkcs12Collection(contents, password);
        }
        catch (CryptographicException failure)
        {
            throw new ArgumentException(
                $"Cannot read the PKCS#12 file '{path}': its password is another one, or it is damaged ({failure.Message}).", failure);
        }

        X509Certificate2[] withKey = [.. all.Where(certificate => certificate.HasPrivateKey)];
        if (withKey.Length != 1)
        {
            PemDecoder.DisposeAll(all);
            throw new ArgumentException(
                $"Cannot use the PKCS#12 file '{path}': {withKey.Length} of its {all.Count} certificates have a private key; it must be one.");
        }

        all.Remove(withKey[0]);
        return new TlsIdentity(withKey[0], all, origin);
    }
}
