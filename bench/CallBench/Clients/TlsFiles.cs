// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CallBench.Clients;

/// <summary>A server's certificate, which is its own authority, made for one run.</summary>
internal static class TlsFiles
{
    public const string ServerName = "localhost";

    public static string Certificate(string folder) => Path.Combine(folder, "certificate.pem");

    /// <summary>Makes a folder with certificate and key; whoever asked deletes it.</summary>
    public static string Create()
    {
        string folder = Directory.CreateTempSubdirectory("callbench").FullName;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=" + ServerName, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(ServerName);
        names.AddIpAddress(IPAddress.Loopback); // the platform's client checks what stands in the URI
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        File.WriteAllText(Certificate(folder), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return folder;
    }
}
