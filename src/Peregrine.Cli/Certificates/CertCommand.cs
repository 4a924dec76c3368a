// SPDX-License-Identifier: Apache-2.0

using System;
using System.CommandLine;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Peregrine.Protobuf.Compiler.Diagnostics;

namespace Peregrine.Cli.Certificates;

/// <summary><c>peregrine cert</c>: makes certificates for development and tests, shows those of files, and checks those of live endpoints.</summary>
internal static class CertCommand
{
    private const int DefaultDays = 365;
    private const int DefaultAuthorityDays = 3650;

    /// <summary>The command.</summary>
    /// <param name="time">The clock.</param>
    public static Command Create(TimeProvider time) =>
        new("cert", "Certificates for development: an authority, servers, clients; what is in a file, or behind a port.")
        {
            CreateAuthority(time),
            CreateServer(time),
            CreateClient(time),
            CreateSet(time),
            CertShowCommand.Create(time),
            CertCheckCommand.Create(time),
        };

    /// <summary>Runs what may fail as certificates do, and prints why.</summary>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    internal static int Report(ParseResult line, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (CertificateException e)
        {
            line.InvocationConfiguration.Error.WriteLine("peregrine: " + DisplayText.OneLine(e.Message));
            return ExitCode.Failure;
        }
    }

    private static Command CreateAuthority(TimeProvider time)
    {
        var options = new IssueOptions();
        var name = new Option<string>("--name") { Description = "Its common name, which lists of certificates show.", DefaultValueFactory = _ => $"Development authority of {Environment.MachineName}" };
        var command = new Command("authority", "Make an authority, ca.crt and ca.key: who trusts ca.crt trusts all that it signs.") { name, options.Out, options.AuthorityDays, options.Key, options.Force };
        command.SetAction(line => Report(line, () =>
        {
            var folder = options.Folder(line);
            using var authority = DevelopmentAuthority.Create(name.Of(line), options.AuthorityValidity(line), line.GetValue(options.Key), time);
            return Write(line, folder, [(CertificateFolder.AuthorityName, authority)]);
        }));
        return command;
    }

    private static Command CreateServer(TimeProvider time)
    {
        var options = new IssueOptions();
        var file = new Option<string>("--file") { Description = "The name of the two files, without .crt and .key.", DefaultValueFactory = _ => "server" };
        var command = new Command("server", "Make a server's certificate, signed by the authority in the folder, which is made if there is none.")
        {
            options.Names, file, options.Out, options.Days, options.AuthorityDays, options.Key, options.Force,
        };
        command.SetAction(line => Report(line, () => Issue(line, options, [Server(options, line, file.Of(line))], time)));
        return command;
    }

    private static Command CreateClient(TimeProvider time)
    {
        var options = new IssueOptions();
        var name = new Argument<string>("name") { Description = "Who the client is: a name, or a URI such as spiffe://example.org/client.", DefaultValueFactory = _ => "client" };
        var file = new Option<string>("--file") { Description = "The name of the two files, without .crt and .key.", DefaultValueFactory = _ => "client" };
        var command = new Command("client", "Make a client's certificate for mutual TLS, signed by the authority in the folder, which is made if there is none.")
        {
            name, file, options.Out, options.Days, options.AuthorityDays, options.Key, options.Force,
        };
        command.SetAction(line => Report(line, () => Issue(line, options, [new Order(CertificateUse.Client, file.Of(line), [name.Of(line)])], time)));
        return command;
    }

    private static Command CreateSet(TimeProvider time)
    {
        var options = new IssueOptions();
        var client = new Option<string>("--client") { Description = "Who the client is.", DefaultValueFactory = _ => "client" };
        var command = new Command("set", "Make all that mutual TLS takes: authority, server and client, six files.")
        {
            options.Names, client, options.Out, options.Days, options.AuthorityDays, options.Key, options.Force,
        };
        command.SetAction(line => Report(line, () => Issue(
            line, options, [Server(options, line, "server"), new Order(CertificateUse.Client, "client", [client.Of(line)])], time)));
        return command;
    }

    private static Order Server(IssueOptions options, ParseResult line, string file)
    {
        var names = line.GetValue(options.Names) ?? [];
        return new Order(CertificateUse.Server, file, names.Length > 0 ? names : ["localhost", "127.0.0.1", "::1"]);
    }

    private static int Issue(ParseResult line, IssueOptions options, IReadOnlyList<Order> orders, TimeProvider time)
    {
        var folder = options.Folder(line);
        var algorithm = line.GetValue(options.Key);

        // Names first: an authority is not made for a wrong one.
        var names = orders.Select(order => order.Names.Select(SubjectName.Parse).ToList()).ToList();
        using var made = folder.HasAuthority ? null
            : DevelopmentAuthority.Create($"Development authority of {Environment.MachineName}", options.AuthorityValidity(line), algorithm, time);
        using var authority = made is null ? folder.OpenAuthority(time) : DevelopmentAuthority.Open(made.Certificate, time);
        var pairs = new List<(string Name, KeyPair Pair)>();
        try
        {
            if (made is not null)
            {
                pairs.Add((CertificateFolder.AuthorityName, made));
            }

            for (var i = 0; i < orders.Count; i++)
            {
                pairs.Add((orders[i].File, authority.Issue(orders[i].Use, names[i][0].Text, names[i], options.Validity(line), algorithm)));
            }

            return Write(line, folder, pairs);
        }
        finally
        {
            pairs.ForEach(item => item.Pair.Dispose());
        }
    }

    private static int Write(ParseResult line, CertificateFolder folder, IReadOnlyList<(string Name, KeyPair Pair)> pairs)
    {
        folder.Write(pairs);
        var output = line.InvocationConfiguration.Output;
        foreach (var (name, pair) in pairs)
        {
            var facts = new CertificateFacts(pair.Certificate);
            output.WriteLine(FormattableString.Invariant(
                $"{folder.CertificatePath(name)} and {Path.GetFileName(folder.KeyPath(name))}: {facts.Subject}{(facts.Names.Count > 0 ? ", for " + string.Join(", ", facts.Names) : "")}, until {facts.NotAfter:yyyy-MM-dd}"));
        }

        return ExitCode.Success;
    }

    /// <summary>A certificate that is to be made.</summary>
    private sealed record Order(CertificateUse Use, string File, IReadOnlyList<string> Names);

    /// <summary>The options of the commands that make certificates.</summary>
    private sealed class IssueOptions
    {
        public Argument<string[]> Names { get; } = new("names")
        {
            Description = "What clients call the server: DNS names, *.wildcards, IP addresses, URIs. Default: localhost, 127.0.0.1 and ::1.", Arity = ArgumentArity.ZeroOrMore,
        };

        public Option<string> Out { get; } = new("--out", "-o") { Description = "The folder of the files.", DefaultValueFactory = _ => "." };

        public Option<int> Days { get; } = Count("--days", "How many days the certificate is valid; not longer than the authority.", DefaultDays);

        public Option<int> AuthorityDays { get; } = Count("--authority-days", "How many days a new authority is valid.", DefaultAuthorityDays);

        public Option<KeyAlgorithm> Key { get; } = new("--key") { Description = "The kind of the keys: ecdsa (P-256) or rsa (2048).", DefaultValueFactory = _ => KeyAlgorithm.Ecdsa };

        public Option<bool> Force { get; } = new("--force", "-f") { Description = "Replace files that exist (an authority that is there is kept and used)." };

        public CertificateFolder Folder(ParseResult line) => new(Out.Of(line), line.GetValue(Force));

        public TimeSpan Validity(ParseResult line) => TimeSpan.FromDays(line.GetValue(Days));

        public TimeSpan AuthorityValidity(ParseResult line) => TimeSpan.FromDays(line.GetValue(AuthorityDays));

        private static Option<int> Count(string name, string description, int days)
        {
            // A hundred years: later, DER writes dates in another form that not all peers read.
            const int most = 36500;
            var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => days };
            option.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() is < 1 or > most)
                {
                    result.AddError($"{name} takes 1 to {most} days.");
                }
            });
            return option;
        }
    }
}
