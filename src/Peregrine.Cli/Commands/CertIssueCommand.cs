// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using Peregrine.Cli.Certificates;

namespace Peregrine.Cli.Commands;

/// <summary>The commands of <c>peregrine cert</c> that make certificates: of an authority, a server, a client, or all three.</summary>
internal sealed class CertIssueCommand : ToolCommand
{
    private const int DefaultDays = 365;
    private const int DefaultAuthorityDays = 3650;

    // A hundred years; later, DER writes dates in another form, which not all peers read.
    private const int MaxDays = 36500;

    private static readonly string[] ThisMachine = ["localhost", "127.0.0.1", "::1"];

    private readonly Option<string> _out = new("--out", "-o") { Description = "The folder of the files; this one by default.", HelpName = "DIR", DefaultValueFactory = _ => "." };
    private readonly Option<int> _days = Days("--days", "How many days the certificate is valid, but not longer than the authority; 365 by default.", DefaultDays);
    private readonly Option<int> _authorityDays = Days("--authority-days", "How many days a new authority is valid; 3650 by default.", DefaultAuthorityDays);
    private readonly Option<string> _authorityName = new("--authority-name") { Description = "The common name of a new authority.", HelpName = "NAME", DefaultValueFactory = _ => $"Development authority of {Environment.MachineName}" };
    private readonly Option<KeyAlgorithm> _key = new("--key") { Description = "The kind of new keys: ecdsa (P-256, default) or rsa (2048 bits).", HelpName = "KIND", DefaultValueFactory = _ => KeyAlgorithm.Ecdsa };
    private readonly Option<bool> _force = new("--force", "-f") { Description = "Replace files that exist. An authority that is there is used, not replaced." };
    private readonly Terminal _terminal;
    private readonly TimeProvider _time;

    private CertIssueCommand(string name, string description, Terminal terminal, TimeProvider time)
        : base(name, description)
    {
        _terminal = terminal;
        _time = time;
    }

    /// <summary>The command that makes an authority.</summary>
    public static CertIssueCommand Authority(Terminal terminal, TimeProvider time)
    {
        var command = new CertIssueCommand("authority", "Make an authority, ca.crt and ca.key. Who trusts ca.crt trusts all that ca.key signs.", terminal, time)
        {
            Examples = ["peregrine cert authority --out certs"],
        };
        command.Add(new OptionGroup("Authority", [command._authorityName, command._authorityDays, command._key]));
        command.Add(new OptionGroup("Files", [command._out, command._force]));
        command.SetAction(line =>
        {
            using var authority = command.NewAuthority(line);
            return command.Write(line, [(CertificateFolder.AuthorityName, authority)]);
        });
        return command;
    }

    /// <summary>The command that makes the certificate of a server.</summary>
    public static CertIssueCommand Server(Terminal terminal, TimeProvider time)
    {
        var names = Names();
        var file = FileOption("server");
        var command = new CertIssueCommand("server", "Make a server's certificate, signed by the authority of the folder, which is made if there is none.", terminal, time)
        {
            Examples = ["peregrine cert server", "peregrine cert server '*.example.com' 10.0.0.7 --out certs"],
        };
        command.Add(names);
        command.AddOptions(file);
        command.SetAction(line => command.Issue(line, [ServerOrder(line.GetValue(names), line.GetValue(file)!)]));
        return command;
    }

    /// <summary>The command that makes the certificate of a client.</summary>
    public static CertIssueCommand Client(Terminal terminal, TimeProvider time)
    {
        var name = new Argument<string>("NAME") { Description = "Who the client is: a name, or a URI such as spiffe://example.org/client.", DefaultValueFactory = _ => "client" };
        var file = FileOption("client");
        var command = new CertIssueCommand("client", "Make a client's certificate for mutual TLS, signed by the authority of the folder, which is made if there is none.", terminal, time)
        {
            Examples = ["peregrine cert client alice", "peregrine cert client spiffe://example.org/billing --file billing"],
        };
        command.Add(name);
        command.AddOptions(file);
        command.SetAction(line => command.Issue(line, [new Order(CertificateUse.Client, line.GetValue(file)!, [line.GetValue(name)!])]));
        return command;
    }

    /// <summary>The command that makes all that mutual TLS takes.</summary>
    public static CertIssueCommand Set(Terminal terminal, TimeProvider time)
    {
        var names = Names();
        var client = new Option<string>("--client") { Description = "Who the client is; \"client\" by default.", HelpName = "NAME", DefaultValueFactory = _ => "client" };
        var command = new CertIssueCommand("set", "Make all that mutual TLS takes: the certificates and keys of an authority, a server and a client.", terminal, time)
        {
            Examples = ["peregrine cert set", "peregrine cert set '*.example.com' --client alice --out certs"],
        };
        command.Add(names);
        command.AddOptions(client);
        command.SetAction(line => command.Issue(
            line, [ServerOrder(line.GetValue(names), "server"), new Order(CertificateUse.Client, "client", [line.GetValue(client)!])]));
        return command;
    }

    private static Argument<string[]> Names() => new("NAMES")
    {
        Description = "What clients call the server: DNS names, *.wildcards, IP addresses, URIs; localhost, 127.0.0.1 and ::1 by default.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static Option<string> FileOption(string name) =>
        new("--file") { Description = $"The name of the two files, before .crt and .key; \"{name}\" by default.", HelpName = "NAME", DefaultValueFactory = _ => name };

    private static Order ServerOrder(string[]? names, string file) => new(CertificateUse.Server, file, names is { Length: > 0 } ? names : ThisMachine);

    private static Option<int> Days(string name, string description, int @default)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "DAYS", DefaultValueFactory = _ => @default };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() is false && result.GetValueOrDefault<int>() is < 1 or > MaxDays)
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes 1 to {MaxDays} days."));
            }
        });
        return option;
    }

    private void AddOptions(Option own)
    {
        Add(new OptionGroup("Certificate", [own, _days, _key]));
        Add(new OptionGroup("A new authority", [_authorityName, _authorityDays]));
        Add(new OptionGroup("Files", [_out, _force]));
    }

    private CertificateFolder Folder(ParseResult line) => new(line.GetValue(_out)!, line.GetValue(_force));

    private KeyPair NewAuthority(ParseResult line) =>
        DevelopmentAuthority.Create(line.GetValue(_authorityName)!, TimeSpan.FromDays(line.GetValue(_authorityDays)), line.GetValue(_key), _time);

    private int Issue(ParseResult line, IReadOnlyList<Order> orders)
    {
        // Names first: no authority is made for a wrong one.
        List<List<SubjectName>> names = [.. orders.Select(order => order.Names.Select(SubjectName.Parse).ToList())];
        var folder = Folder(line);
        List<(string Name, KeyPair Pair)> pairs = [];
        try
        {
            if (!folder.HasAuthority)
            {
                pairs.Add((CertificateFolder.AuthorityName, NewAuthority(line)));
            }

            var authority = pairs is [var made] ? DevelopmentAuthority.Open(made.Pair.Certificate, _time) : folder.OpenAuthority(_time);
            using (authority)
            {
                for (var i = 0; i < orders.Count; i++)
                {
                    pairs.Add((orders[i].File, authority.Issue(orders[i].Use, names[i], TimeSpan.FromDays(line.GetValue(_days)), line.GetValue(_key))));
                }

                return Write(line, pairs);
            }
        }
        finally
        {
            pairs.ForEach(item => item.Pair.Dispose());
        }
    }

    private int Write(ParseResult line, IReadOnlyList<(string Name, KeyPair Pair)> pairs)
    {
        var folder = Folder(line);
        folder.Write(pairs);
        foreach (var (name, pair) in pairs)
        {
            var names = pair.Facts.Names.Count > 0 ? " for " + string.Join(", ", pair.Facts.Names) : "";
            _terminal.Output.WriteLine(Terminal.Escape(string.Create(
                CultureInfo.InvariantCulture, $"{folder.CertificatePath(name)} and {Path.GetFileName(folder.KeyPath(name))}: {pair.Facts.Subject}{names}, until {pair.Facts.NotAfter:yyyy-MM-dd}")));
        }

        return ExitCode.Success;
    }

    /// <summary>A certificate that is to be made.</summary>
    private sealed record Order(CertificateUse Use, string File, IReadOnlyList<string> Names);
}
