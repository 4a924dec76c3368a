// SPDX-License-Identifier: Apache-2.0

using System;

namespace Peregrine.Cli.Commands;

/// <summary><c>peregrine cert</c>: makes certificates for development and tests, shows those of files, and checks those of live endpoints.</summary>
internal sealed class CertCommand : ToolCommand
{
    /// <summary>Makes it.</summary>
    public CertCommand(Terminal terminal, TimeProvider time)
        : base("cert", "Certificates for development: an authority, servers, clients; what is in a file, or behind a port.")
    {
        Add(CertIssueCommand.Authority(terminal, time));
        Add(CertIssueCommand.Server(terminal, time));
        Add(CertIssueCommand.Client(terminal, time));
        Add(CertIssueCommand.Set(terminal, time));
        Add(new CertShowCommand(terminal, time));
        Add(new CertCheckCommand(terminal, time));
        Examples =
        [
            "peregrine cert set '*.example.com' --out certs",
            "peregrine cert server localhost 127.0.0.1",
            "peregrine cert show certs/server.crt --within 30",
            "peregrine cert check example.com:443",
        ];
    }
}
