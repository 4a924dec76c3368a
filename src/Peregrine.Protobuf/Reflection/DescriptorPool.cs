// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading;

namespace Peregrine.Protobuf.Reflection;

/// <summary>
/// A growing set of files that are linked with each other, made at run time from their descriptors: what dynamic
/// messages, reflection clients and tools work with.
/// </summary>
/// <remarks>Safe for use by many threads. A file, once added, stays.</remarks>
public sealed class DescriptorPool
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FileDescriptor> _files = new(StringComparer.Ordinal);
    private readonly List<FileDescriptor> _ordered = [];
    private readonly Dictionary<(MessageDescriptor Extendee, int Number), FieldDescriptor> _extensions = [];
    private readonly Dictionary<string, IDescriptor> _symbols = new(StringComparer.Ordinal);

    /// <summary>Makes a pool of all files of a set.</summary>
    /// <param name="set">The files, in any order; every import must be among them.</param>
    /// <returns>A new pool.</returns>
    /// <exception cref="DescriptorValidationException">A file breaks a rule, is there twice, or imports one that is missing.</exception>
    public static DescriptorPool FromFileDescriptorSet(FileDescriptorSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        DescriptorPool pool = new();
        pool.AddAll(set.File);
        return pool;
    }

    /// <summary>Builds a file whose imports are in the pool, and adds it.</summary>
    /// <param name="proto">The file; not copied, so it must not change afterwards.</param>
    /// <returns>The file's descriptor.</returns>
    /// <exception cref="DescriptorValidationException">
    /// The file breaks a rule, imports one that is not in the pool, or declares a name that the pool has already.
    /// </exception>
    public FileDescriptor Add(FileDescriptorProto proto)
    {
        ArgumentNullException.ThrowIfNull(proto);
        lock (_gate)
        {
            if (_files.ContainsKey(proto.Name))
            {
                throw new DescriptorValidationException(proto.Name, "", "A file of this name is in the pool already.");
            }

            List<FileDescriptor> dependencies = [];
            foreach (string name in proto.Dependency)
            {
                dependencies.Add(_files.GetValueOrDefault(name)
                    ?? throw new DescriptorValidationException(proto.Name, "", $"It imports \"{name}\", which is not in the pool. Add that file first, or both with AddAll."));
            }

            FileDescriptor file = DescriptorBuilder.Build(proto, dependencies, _symbols, CheckExtensions);
            Keep(file);
            return file;
        }
    }

    /// <summary>Builds files in an order in which imports come first, and adds them.</summary>
    /// <param name="protos">The files, in any order; an import must be among them or in the pool.</param>
    /// <exception cref="DescriptorValidationException">
    /// A file breaks a rule, imports one that is missing, or the imports form a cycle. Files built before that stay.
    /// </exception>
    public void AddAll(IEnumerable<FileDescriptorProto> protos)
    {
        ArgumentNullException.ThrowIfNull(protos);
        Dictionary<string, FileDescriptorProto> byName = new(StringComparer.Ordinal);
        List<FileDescriptorProto> given = [.. protos];
        foreach (FileDescriptorProto proto in given)
        {
            if (!byName.TryAdd(proto.Name, proto))
            {
                throw new DescriptorValidationException(proto.Name, "", "The set holds two files of this name.");
            }
        }

        // Depth first with a stack of our own: a chain of a million imports must not exhaust the thread's.
        HashSet<string> started = new(StringComparer.Ordinal);
        HashSet<string> done = new(StringComparer.Ordinal);
        Stack<(FileDescriptorProto File, int NextImport)> path = [];
        foreach (FileDescriptorProto root in given)
        {
            if (!started.Add(root.Name))
            {
                continue;
            }

            path.Push((root, 0));
            while (path.TryPop(out (FileDescriptorProto File, int NextImport) top))
            {
                if (top.NextImport == top.File.Dependency.Count)
                {
                    Add(top.File);
                    done.Add(top.File.Name);
                    continue;
                }

                path.Push((top.File, top.NextImport + 1));
                string import = top.File.Dependency[top.NextImport];
                if (!byName.TryGetValue(import, out FileDescriptorProto? next) || done.Contains(import))
                {
                    continue;
                }

                if (!started.Add(import))
                {
                    throw new DescriptorValidationException(top.File.Name, "", $"It imports \"{import}\", which imports it: a cycle.");
                }

                path.Push((next, 0));
            }
        }
    }

    /// <summary>Adds a file that is built already, such as that of generated code, and all that it imports.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="DescriptorValidationException">Another file of that name, or another type of a name in it, is there.</exception>
    public void Add(FileDescriptor file)
    {
        ArgumentNullException.ThrowIfNull(file);
        lock (_gate)
        {
            Stack<(FileDescriptor File, int NextImport)> path = new([(file, 0)]);
            while (path.TryPop(out (FileDescriptor File, int NextImport) top))
            {
                if (_files.TryGetValue(top.File.Name, out FileDescriptor? present))
                {
                    if (!ReferenceEquals(present, top.File))
                    {
                        throw new DescriptorValidationException(top.File.Name, "", "Another file of this name is in the pool already.");
                    }
                }
                else if (top.NextImport < top.File.Dependencies.Count)
                {
                    path.Push((top.File, top.NextImport + 1));
                    path.Push((top.File.Dependencies[top.NextImport], 0));
                }
                else
                {
                    CheckExtensions(top.File);
                    DescriptorBuilder.Declare(top.File, _symbols);
                    Keep(top.File);
                }
            }
        }
    }

    /// <summary>The files of the pool, each behind those that it imports.</summary>
    /// <returns>A list of what is there now.</returns>
    public IReadOnlyList<FileDescriptor> Files
    {
        get
        {
            lock (_gate)
            {
                return [.. _ordered];
            }
        }
    }

    /// <summary>The message types and extensions of the pool, for JSON, text and <c>Any</c>.</summary>
    /// <returns>A registry of what is there now.</returns>
    public TypeRegistry ToTypeRegistry() => TypeRegistry.FromFiles(Files);

    /// <summary>The extensions of the pool, for parsers.</summary>
    /// <returns>A registry of what is there now.</returns>
    public ExtensionRegistry ToExtensionRegistry()
    {
        ExtensionRegistry registry = [];
        foreach (FileDescriptor file in Files)
        {
            foreach (FieldDescriptor extension in file.AllExtensions)
            {
                // The generated one for messages of the generated class, and one for dynamic messages of its type.
                registry.Add(extension.Extension!);
                registry.Add(extension.DynamicExtensionBy(DynamicTypeFactory.Instance));
            }
        }

        return registry;
    }

    /// <summary>Finds a file by its import path.</summary>
    /// <param name="name">The path.</param>
    /// <returns>The file or null.</returns>
    public FileDescriptor? FindFile(string name)
    {
        lock (_gate)
        {
            return _files.GetValueOrDefault(name);
        }
    }

    /// <summary>Finds anything that has a full name: message, field, extension, oneof, enum, enum value, service or method.</summary>
    /// <param name="fullName">The full name, without a leading dot.</param>
    /// <returns>The descriptor or null.</returns>
    public IDescriptor? FindSymbol(string fullName)
    {
        lock (_gate)
        {
            // A file stands for its package among the symbols, so that nothing else takes that name.
            return _symbols.GetValueOrDefault(fullName) is { } found and not FileDescriptor ? found : null;
        }
    }

    /// <summary>Finds a message type.</summary>
    /// <param name="fullName">The full name, without a leading dot.</param>
    /// <returns>The type or null.</returns>
    public MessageDescriptor? FindMessage(string fullName) => FindSymbol(fullName) as MessageDescriptor;

    /// <summary>Finds an enum.</summary>
    /// <param name="fullName">The full name, without a leading dot.</param>
    /// <returns>The enum or null.</returns>
    public EnumDescriptor? FindEnum(string fullName) => FindSymbol(fullName) as EnumDescriptor;

    /// <summary>Finds an extension by its own name.</summary>
    /// <param name="fullName">The full name, without a leading dot.</param>
    /// <returns>The extension or null.</returns>
    public FieldDescriptor? FindExtension(string fullName) => FindSymbol(fullName) is FieldDescriptor { IsExtension: true } found ? found : null;

    /// <summary>Finds an extension by the message type that it extends and its number.</summary>
    /// <param name="extendee">The extended type, of this pool.</param>
    /// <param name="number">The field number.</param>
    /// <returns>The extension or null.</returns>
    public FieldDescriptor? FindExtension(MessageDescriptor extendee, int number)
    {
        ArgumentNullException.ThrowIfNull(extendee);
        lock (_gate)
        {
            return _extensions.GetValueOrDefault((extendee, number));
        }
    }

    /// <summary>Finds the file that declares something; what server reflection asks for.</summary>
    /// <param name="fullName">The full name of anything but a package, without a leading dot.</param>
    /// <returns>The file or null.</returns>
    public FileDescriptor? FindFileOf(string fullName) => FindSymbol(fullName)?.File;

    /// <summary>Finds a service.</summary>
    /// <param name="fullName">The full name, without a leading dot.</param>
    /// <returns>The service or null.</returns>
    public ServiceDescriptor? FindService(string fullName) => FindSymbol(fullName) as ServiceDescriptor;

    /// <summary>Refuses a file with an extension whose number another one has: a parser could not tell which is meant.</summary>
    private void CheckExtensions(FileDescriptor file)
    {
        Dictionary<(MessageDescriptor Extendee, int Number), FieldDescriptor> own = [];
        foreach (FieldDescriptor extension in file.AllExtensions)
        {
            (MessageDescriptor Extendee, int Number) key = (extension.ExtendeeType, extension.FieldNumber);
            if (_extensions.TryGetValue(key, out FieldDescriptor? other) || !own.TryAdd(key, extension))
            {
                other ??= own[key];
                throw new DescriptorValidationException(
                    file.Name,
                    extension.FullName,
                    $"Number {key.Number} of {key.Extendee.FullName} is already that of the extension {other.FullName} in file {other.File.Name}.");
            }
        }
    }

    private void Keep(FileDescriptor file)
    {
        _files.Add(file.Name, file);
        _ordered.Add(file);
        foreach (FieldDescriptor extension in file.AllExtensions)
        {
            _extensions.Add((extension.ExtendeeType, extension.FieldNumber), extension);
        }
    }
}
