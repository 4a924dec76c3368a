// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Commands;

/// <summary><c>peregrine list</c>: the services of a server or of files, or the methods of a service.</summary>
internal sealed class ListCommand : ToolCommand, INamesSymbols
{
    private readonly Argument<string?> _first = new("ADDRESS") { Arity = ArgumentArity.ZeroOrOne, Description = "The server, such as localhost:9090, http://host:port, https://host or unix:/path; left away with --proto or --descriptor-set." };
    private readonly Argument<string?> _second = new("SERVICE") { Arity = ArgumentArity.ZeroOrOne, Description = "A service whose methods to list." };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON, for scripts." };
    private readonly SchemaFlags _schema = new();
    private readonly ConnectionFlags _connection = new();
    private readonly Terminal _terminal;

    /// <summary>Makes it.</summary>
    public ListCommand(Terminal terminal)
        : base("list", "List the services of a server or of .proto files, or the methods of a service.")
    {
        _terminal = terminal;
        Add(_first);
        Add(_second);
        Add(new OptionGroup("Output", [_json]));
        Add(_schema.Group);
        Add(_connection.Group);
        Examples =
        [
            "peregrine list localhost:9090",
            "peregrine list localhost:9090 demo.Greeter",
            "peregrine list --proto protos/",
        ];
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> CompleteAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var target = SchemaTarget.Read(result, _schema, result.GetValue(_first), result.GetValue(_second));
        if (target.Symbol is not null || (target.Address is null && !_schema.IsLocal(result)))
        {
            return [];
        }

        using var connection = target.Connect(result, _connection, _terminal);
        return await SymbolCandidates.OfAsync(_schema.Open(result, connection, _terminal), withServices: true, withMethods: false, cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var target = SchemaTarget.Read(result, _schema, result.GetValue(_first), result.GetValue(_second));
        using var connection = target.Connect(result, _connection, _terminal);
        var schema = _schema.Open(result, connection, _terminal);
        if (target.Symbol is null)
        {
            ListServices(await schema.ListServicesAsync(cancellationToken).ConfigureAwait(false), result.GetValue(_json));
            return ExitCode.Success;
        }

        var found = await schema.FindAsync(target.Symbol, cancellationToken).ConfigureAwait(false);
        if (found is not ServiceDescriptor service)
        {
            throw new ToolException($"\"{target.Symbol}\" is no service; \"peregrine describe\" shows what it is.");
        }

        ListMethods(service, result.GetValue(_json));
        return ExitCode.Success;
    }

    private void ListServices(IReadOnlyList<string> services, bool json)
    {
        if (json)
        {
            JsonLine.Write(_terminal, writer =>
            {
                writer.WriteStartArray("services");
                foreach (var service in services)
                {
                    writer.WriteStringValue(service);
                }

                writer.WriteEndArray();
            });
            return;
        }

        foreach (var service in services)
        {
            _terminal.Output.WriteLine(_terminal.Paint(Terminal.Escape(service), "36"));
        }
    }

    private void ListMethods(ServiceDescriptor service, bool json)
    {
        if (json)
        {
            JsonLine.Write(_terminal, writer =>
            {
                writer.WriteString("service", service.FullName);
                writer.WriteStartArray("methods");
                foreach (var method in service.Methods)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name", method.Name);
                    writer.WriteString("request", method.InputType.FullName);
                    writer.WriteString("response", method.OutputType.FullName);
                    writer.WriteBoolean("clientStreaming", method.IsClientStreaming);
                    writer.WriteBoolean("serverStreaming", method.IsServerStreaming);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
        }
        else if (_terminal.IsInteractive)
        {
            Table.Write(_terminal, ["Method", "Request", "Response"], service.Methods.Select(method => (string[])
            [
                method.Name,
                (method.IsClientStreaming ? "stream " : "") + method.InputType.FullName,
                (method.IsServerStreaming ? "stream " : "") + method.OutputType.FullName,
            ]));
        }
        else
        {
            foreach (var method in service.Methods)
            {
                _terminal.Output.WriteLine(Terminal.Escape($"{service.FullName}/{method.Name}"));
            }
        }
    }
}
