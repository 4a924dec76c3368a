// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Linq;
using Peregrine.Cli.Calls;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Mock;

/// <summary>The types of a schema as answers need them, and those of <c>google/rpc/error_details.proto</c>, which a schema need not have.</summary>
internal sealed class AnswerTypes
{
    private readonly TypeRegistry _registry;
    private readonly IReadOnlyList<FileDescriptor> _files;

    /// <summary>Makes them.</summary>
    /// <param name="schema">A schema that is loaded whole.</param>
    public AnswerTypes(SchemaSource schema)
    {
        _files = schema.Types.Find("google.rpc.RetryInfo") is null ? [.. schema.Pool.Files, Google.Rpc.ErrorDetailsReflection.Descriptor] : schema.Pool.Files;
        _registry = TypeRegistry.FromFiles(_files);
        Parser = new JsonParser(JsonParser.Settings.Default.WithTypeRegistry(_registry));
        Formatter = new JsonFormatter(JsonFormatter.Settings.Default.WithTypeRegistry(_registry).WithFormatDefaultValues(true));
        Extensions = schema.Pool.ToExtensionRegistry();
        Lines = new MessageFormatter(schema, MessageText.Json, emitsDefaults: false);
    }

    /// <summary>Reads JSON of messages.</summary>
    public JsonParser Parser { get; }

    /// <summary>Writes messages as JSON, fields that hold their default included.</summary>
    public JsonFormatter Formatter { get; }

    /// <summary>Writes messages for people and scripts.</summary>
    public MessageFormatter Lines { get; }

    /// <summary>The extensions that requests may hold.</summary>
    public ExtensionRegistry Extensions { get; }

    /// <summary>The full names of all message types, for suggestions.</summary>
    public IEnumerable<string> Names => SymbolNames.Of(_files).Where(name => _registry.Find(name) is not null);

    /// <summary>Finds a message type; null when there is none.</summary>
    public MessageDescriptor? Find(string fullName) => _registry.Find(fullName);
}
