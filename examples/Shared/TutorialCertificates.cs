// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

/// <summary>
/// Makes the tutorial's certificates in code, so that an example runs on its first start without openssl: the authority
/// (server.crt), the server's certificate (test.pem, test.key) and the client's (testClient.pem, testClient.key), both with the
/// SAN <c>*grpcstudy.com</c>. <c>eng/tutorial-certs.sh</c> makes the same files with the tutorial's own commands.
/// </summary>
internal static class TutorialCertificates
{
    private const string Name = "*grpcstudy.com";

    /// <summary>Returns <paramref name="folder"/>, filled on first use; an existing folder is left alone.</summary>
    public static string Ensure(string folder)
    {
        if (Directory.Exists(folder))
        {
            return folder;
        }

        // Filled under another name and moved, so that a server and a client that start together never see half of it.
        string unfinished = folder + "." + Guid.NewGuid().ToString("N");
        Directory.CreateDirectory(unfinished);
        Fill(unfinished);
        try
        {
            Directory.Move(unfinished, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            Directory.Delete(unfinished, recursive: true); // the other process was first
        }

        return folder;
    }

    private static void Fill(string folder)
    {
        DateTimeOffset from = DateTimeOffset.UtcNow.AddHours(-1);
        using RSA authorityKey = RSA.Create(2048);
        CertificateRequest authorityRequest = new("O=Internet Widgits Pty Ltd, S=Some-State, C=AU", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        authorityRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, false));
        using X509Certificate2 authority = authorityRequest.CreateSelfSigned(from, from.AddYears(100));
        File.WriteAllText(Path.Combine(folder, "server.crt"), authority.ExportCertificatePem());
        foreach (string name in (string[])["test", "testClient"])
        {
            Sign(authority, folder, name, from);
        }
    }

    private static void Sign(X509Certificate2 authority, string folder, string name, DateTimeOffset from)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=myname, O=mycomp, OU=myorg, C=cn", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(Name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: false));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation | X509KeyUsageFlags.KeyEncipherment, critical: false));
        using X509Certificate2 certificate = request.Create(authority, from, from.AddYears(10), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Path.Combine(folder, name + ".pem"), certificate.ExportCertificatePem());

        FileStreamOptions ownerOnly = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            ownerOnly.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using StreamWriter writer = new(Path.Combine(folder, name + ".key"), ownerOnly);
        writer.Write(key.ExportPkcs8PrivateKeyPem());
    }
}
