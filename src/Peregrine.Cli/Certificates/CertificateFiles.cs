// SPDX-License-Identifier: Apache-2.0

using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Cli.Certificates;

/// <summary>Reads certificates from files: PEM with one or more of them, or DER with one.</summary>
internal static class CertificateFiles
{
    // A chain has some kilobytes; the roots of a system some hundred.
    private const long MaxLength = 16 << 20;

    /// <summary>The certificates of a file, in its order.</summary>
    /// <exception cref="ToolException">The file cannot be read, or holds none.</exception>
    public static X509Certificate2Collection Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxLength)
            {
                throw new ToolException($"{path} is larger than 16 MiB: no file of certificates.");
            }

            var bytes = File.ReadAllBytes(path);
            var certificates = new X509Certificate2Collection();
            if (bytes.AsSpan().IndexOf("-----BEGIN "u8) >= 0)
            {
                certificates.ImportFromPemFile(path);
            }
            else
            {
                certificates.Add(X509CertificateLoader.LoadCertificate(bytes));
            }

            return certificates.Count > 0
                ? certificates
                : throw new ToolException($"{path} has no certificate, only other PEM objects{(IsKey(bytes) ? " (it is a private key)" : "")}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"{path} cannot be read: {e.Message}");
        }
        catch (CryptographicException e)
        {
            throw new ToolException($"{path} is no certificate in PEM or DER: {e.Message}");
        }
    }

    /// <summary>A certificate with its private key, of two PEM files.</summary>
    /// <exception cref="ToolException">One of them cannot be read, or they do not belong together.</exception>
    public static X509Certificate2 ReadPair(string certificatePath, string keyPath)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);

            // Windows' TLS takes keys of its own store only, which the way through PKCS #12 gives it.
            return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), password: null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"{certificatePath} and {keyPath} cannot be read: {e.Message}");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // The latter: the key is another's.
            throw new ToolException($"{certificatePath} and {keyPath} are no certificate and its private key in PEM: {e.Message}");
        }
    }

    private static bool IsKey(ReadOnlySpan<byte> bytes) => bytes.IndexOf("PRIVATE KEY-----"u8) >= 0;
}
