// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Peregrine.Cli.Certificates;

/// <summary>Reads certificates and revocation lists from files: PEM with one or more of them, or DER with one.</summary>
internal static class CertificateFiles
{
    // A chain has some kilobytes; the roots of a system some hundred.
    private const long MaxLength = 16 << 20;

    // RFC 7468 section 6.
    private const string ListLabel = "X509 CRL";

    /// <summary>The certificates of a file, in its order.</summary>
    /// <exception cref="ToolException">The file cannot be read, or holds none.</exception>
    public static X509Certificate2Collection Read(string path)
    {
        var bytes = ReadBytes(path);
        var certificates = ReadCertificates(bytes, path, "");
        return certificates.Count > 0 ? certificates
            : throw new ToolException($"{path} has no certificate, only other PEM objects{(IsKey(bytes) ? " (it is a private key)" : "")}.");
    }

    /// <summary>The certificates and the revocation lists of a file.</summary>
    /// <exception cref="ToolException">The file cannot be read, or holds neither.</exception>
    public static (X509Certificate2Collection Certificates, IReadOnlyList<RevocationListFacts> Lists) ReadAll(string path)
    {
        var bytes = ReadBytes(path);
        var lists = ReadLists(bytes, path);
        if (lists.Count > 0 && !IsPem(bytes))
        {
            return ([], lists);
        }

        var certificates = ReadCertificates(bytes, path, ", nor a revocation list");
        return certificates.Count + lists.Count > 0 ? (certificates, lists)
            : throw new ToolException($"{path} has no certificate and no revocation list, only other PEM objects{(IsKey(bytes) ? " (it is a private key)" : "")}.");
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

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaxLength ? File.ReadAllBytes(path) : throw new ToolException($"{path} is larger than 16 MiB: no file of certificates.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"{path} cannot be read: {e.Message}");
        }
    }

    private static X509Certificate2Collection ReadCertificates(byte[] bytes, string path, string orElse)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            if (IsPem(bytes))
            {
                certificates.ImportFromPem(Encoding.Latin1.GetString(bytes));
            }
            else
            {
                certificates.Add(X509CertificateLoader.LoadCertificate(bytes));
            }

            return certificates;
        }
        catch (CryptographicException e)
        {
            throw new ToolException($"{path} is no certificate in PEM or DER{orElse}: {e.Message}");
        }
    }

    private static List<RevocationListFacts> ReadLists(byte[] bytes, string path)
    {
        List<RevocationListFacts> lists = [];
        try
        {
            if (!IsPem(bytes))
            {
                return RevocationListFacts.IsList(bytes) ? [RevocationListFacts.Read(bytes)] : [];
            }

            ReadOnlySpan<char> text = Encoding.Latin1.GetString(bytes);
            while (PemEncoding.TryFind(text, out var fields))
            {
                if (text[fields.Label].SequenceEqual(ListLabel))
                {
                    lists.Add(RevocationListFacts.Read(Convert.FromBase64String(text[fields.Base64Data].ToString())));
                }

                text = text[fields.Location.End..];
            }

            return lists;
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            throw new ToolException($"The revocation list in {path} is damaged: {e.Message}");
        }
    }

    private static bool IsPem(ReadOnlySpan<byte> bytes) => bytes.IndexOf("-----BEGIN "u8) >= 0;

    private static bool IsKey(ReadOnlySpan<byte> bytes) => bytes.IndexOf("PRIVATE KEY-----"u8) >= 0;
}
