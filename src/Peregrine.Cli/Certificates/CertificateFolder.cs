// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Cli.Certificates;

/// <summary>
/// The folder that certificates and keys are written to, <c>NAME.crt</c> and <c>NAME.key</c>: keys readable by their owner only, nothing
/// overwritten unless asked for, and all files of one call or none.
/// </summary>
/// <param name="path">The folder; it is made when something is written.</param>
/// <param name="overwrites">Whether files that exist are replaced.</param>
internal sealed class CertificateFolder(string path, bool overwrites)
{
    /// <summary>The name of the authority's files.</summary>
    public const string AuthorityName = "ca";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode ForAll = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The path of the certificate of a name.</summary>
    public string CertificatePath(string name) => Path.Combine(path, name + ".crt");

    /// <summary>The path of the key of a name.</summary>
    public string KeyPath(string name) => Path.Combine(path, name + ".key");

    /// <summary>Whether the folder has an authority already: half of one counts, so that it is not written over.</summary>
    public bool HasAuthority => File.Exists(CertificatePath(AuthorityName)) || File.Exists(KeyPath(AuthorityName));

    /// <summary>The authority that lies in the folder.</summary>
    /// <exception cref="ToolException">A file is missing or wrong, or the two do not belong together.</exception>
    public DevelopmentAuthority OpenAuthority(TimeProvider time)
    {
        var certificate = CertificatePath(AuthorityName);
        var key = KeyPath(AuthorityName);
        try
        {
            return DevelopmentAuthority.Open(X509Certificate2.CreateFromPemFile(certificate, key), time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"The authority in {path} cannot be read: {e.Message}");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // The latter: the key is another's.
            throw new ToolException($"{certificate} and {key} are no certificate and its private key in PEM: {e.Message}");
        }
    }

    /// <summary>Writes pairs under their names.</summary>
    /// <exception cref="ToolException">A file exists and is not to be overwritten, or cannot be written; then none of them is new.</exception>
    public void Write(IReadOnlyList<(string Name, KeyPair Pair)> pairs)
    {
        var files = pairs.SelectMany(item => new[]
        {
            (Path: CertificatePath(item.Name), Text: item.Pair.CertificatePem, Mode: ForAll),
            (Path: KeyPath(item.Name), Text: item.Pair.KeyPem, Mode: OwnerOnly),
        }).ToList();
        var existing = files.Where(file => File.Exists(file.Path)).Select(file => file.Path).ToList();
        if (existing.Count > 0 && !overwrites)
        {
            throw new ToolException($"{string.Join(", ", existing)}: {(existing.Count == 1 ? "exists" : "exist")} already. Give another folder, or --force to replace.");
        }

        var written = new List<string>();
        try
        {
            Directory.CreateDirectory(path);
            foreach (var file in files)
            {
                var temporary = $"{file.Path}.{Environment.ProcessId}.tmp";
                written.Add(temporary);
                WriteNew(temporary, file.Text, file.Mode);
            }

            foreach (var file in files)
            {
                // A rename replaces a file as a whole, with the mode of the new one.
                File.Move($"{file.Path}.{Environment.ProcessId}.tmp", file.Path, overwrites);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            written.ForEach(File.Delete);
            throw new ToolException($"The certificates cannot be written to {path}: {e.Message}");
        }
    }

    private static void WriteNew(string path, string text, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            // On Windows the files have the folder's access list: that of a user's profile is the user's alone.
            options.UnixCreateMode = mode;
        }

        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
