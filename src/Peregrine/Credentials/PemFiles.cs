// SPDX-License-Identifier: Apache-2.0
using System;
using System.IO;

namespace Peregrine.Credentials;

/// <summary>Reads credentials from PEM files, with errors that name the file.</summary>
internal static class PemFiles
{
    public static string? ReadRoots(string? path)
    {
        if (path is null)
        {
            return null;
        }

        string pem = File.ReadAllText(path);
        PemDecoder.DisposeAll(PemDecoder.DecodeCertificates(pem, $"the root certificate file '{path}'"));
        return pem;
    }

    public static KeyCertificatePair ReadKeyPair(string certificateChainPath, string privateKeyPath)
    {
        ArgumentNullException.ThrowIfNull(certificateChainPath);
        ArgumentNullException.ThrowIfNull(privateKeyPath);
        var pair = new KeyCertificatePair(File.ReadAllText(certificateChainPath), File.ReadAllText(privateKeyPath));
        PemDecoder.DecodeIdentity(
            pair, $"the certificate file '{certificateChainPath}'", $"the private key file '{privateKeyPath}'").Dispose();
        return pair;
    }
}
