// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Linq;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Services.Reflection;

/// <summary>Files with everything that they import, and the places of what they declare. Immutable.</summary>
internal sealed class Schema
{
    private readonly Dictionary<string, FileDescriptor> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _symbols = new(StringComparer.Ordinal);
    private readonly HashSet<string> _messages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<int, FileDescriptor>> _extensions = new(StringComparer.Ordinal);

    public Schema(IEnumerable<string> services, IEnumerable<FileDescriptor> files)
    {
        Services = [.. services.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Queue<FileDescriptor> pending = new(files);
        while (pending.TryDequeue(out var file))
        {
            // The first of two files of one name stands: as what a client knows by name is one file, too.
            if (_files.TryAdd(file.Name, file))
            {
                Add(file);
                foreach (var dependency in file.Dependencies)
                {
                    pending.Enqueue(dependency);
                }
            }
        }
    }

    /// <summary>The full names of the services, in alphabetical order.</summary>
    public IReadOnlyList<string> Services { get; }

    /// <summary>The file of a name, as imports write it.</summary>
    public FileDescriptor? FindFile(string name) => _files.GetValueOrDefault(name);

    /// <summary>The file that declares a full name.</summary>
    public FileDescriptor? FindSymbol(string fullName) => _symbols.GetValueOrDefault(fullName);

    /// <summary>The file that declares the extension of a message with a number.</summary>
    public FileDescriptor? FindExtension(string message, int number) => _extensions.GetValueOrDefault(message)?.GetValueOrDefault(number);

    /// <summary>The numbers of a message's extensions, ascending; null when there is no such message.</summary>
    public IReadOnlyCollection<int>? FindExtensionNumbers(string message) =>
        _extensions.TryGetValue(message, out var extensions) ? extensions.Keys
        : _messages.Contains(message) ? []
        : null;

    private void Add(FileDescriptor file)
    {
        foreach (var service in file.Services)
        {
            AddSymbol(service);
            foreach (var method in service.Methods)
            {
                AddSymbol(method);
            }
        }

        foreach (var message in file.MessageTypes)
        {
            Add(message);
        }

        foreach (var type in file.EnumTypes)
        {
            Add(type);
        }

        Add(file.Extensions);
    }

    private void Add(MessageDescriptor message)
    {
        AddSymbol(message);
        _ = _messages.Add(message.FullName);
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            AddSymbol(field);
        }

        foreach (var oneof in message.Oneofs)
        {
            AddSymbol(oneof);
        }

        foreach (var nested in message.NestedTypes)
        {
            Add(nested);
        }

        foreach (var type in message.EnumTypes)
        {
            Add(type);
        }

        Add(message.Extensions);
    }

    private void Add(EnumDescriptor type)
    {
        AddSymbol(type);
        foreach (var value in type.Values)
        {
            AddSymbol(value);
        }
    }

    private void Add(ExtensionCollection extensions)
    {
        foreach (var extension in extensions.UnorderedExtensions)
        {
            AddSymbol(extension);
            var message = extension.ExtendeeType.FullName;
            if (!_extensions.TryGetValue(message, out var known))
            {
                _extensions.Add(message, known = []);
            }

            _ = known.TryAdd(extension.FieldNumber, extension.File);
        }
    }

    private void AddSymbol(DescriptorBase symbol) => _symbols.TryAdd(symbol.FullName, symbol.File);
}
