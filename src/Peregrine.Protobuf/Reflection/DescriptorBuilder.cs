// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;

namespace Peregrine.Protobuf.Reflection;

/// <summary>
/// Builds the descriptors of a file from its <see cref="FileDescriptorProto"/> and links them with its imports. The input
/// may come from anyone: every rule that later code relies on is checked, and a broken one is named.
/// </summary>
public static class DescriptorBuilder
{
    /// <summary>Builds and links a file.</summary>
    /// <param name="proto">The file; not copied, so it must not change afterwards.</param>
    /// <param name="dependencies">One descriptor for each import, in the order of <c>dependency</c>.</param>
    /// <returns>The file's descriptor, checked throughout.</returns>
    /// <exception cref="DescriptorValidationException">The file breaks a rule of the language.</exception>
    public static FileDescriptor Build(FileDescriptorProto proto, IReadOnlyList<FileDescriptor> dependencies)
    {
        ArgumentNullException.ThrowIfNull(proto);
        ArgumentNullException.ThrowIfNull(dependencies);

        // Two imports that declare the same name are an error as well: collect theirs first.
        Dictionary<string, IDescriptor> symbols = new(StringComparer.Ordinal);
        HashSet<FileDescriptor> seen = [];
        Stack<FileDescriptor> pending = new(dependencies);
        while (pending.TryPop(out FileDescriptor? file))
        {
            if (seen.Add(file))
            {
                Declare(file, symbols);
                foreach (FileDescriptor dependency in file.Dependencies)
                {
                    pending.Push(dependency);
                }
            }
        }

        return Build(proto, dependencies, symbols);
    }

    /// <summary>Builds a file and adds what it declares to the symbols of its pool, all or nothing.</summary>
    internal static FileDescriptor Build(
        FileDescriptorProto proto, IReadOnlyList<FileDescriptor> dependencies, Dictionary<string, IDescriptor> symbols, Action<FileDescriptor>? check = null)
    {
        CheckFile(proto, dependencies);
        FileDescriptor file = FileDescriptor.FromProto(proto, [.. dependencies], DynamicTypeFactory.Instance);
        Dictionary<string, IDescriptor> own = new(StringComparer.Ordinal);
        Declare(file, own, symbols);
        file.VisibleTypes.BeginLinking(own, symbols);
        DescriptorValidator.Validate(file);
        check?.Invoke(file);
        file.VisibleTypes.EndLinking();
        if (proto.PublicDependency.Count > 0)
        {
            // Now, since asked for from the other end of a chain it would take a stack as deep as the chain is long.
            _ = file.PublicFiles;
        }

        Append(own, symbols);
        return file;
    }

    /// <summary>Adds what a file declares to the symbols of a pool, all or nothing.</summary>
    internal static void Declare(FileDescriptor file, Dictionary<string, IDescriptor> symbols)
    {
        Dictionary<string, IDescriptor> own = new(StringComparer.Ordinal);
        Declare(file, own, symbols);
        Append(own, symbols);
    }

    private static void Append(Dictionary<string, IDescriptor> own, Dictionary<string, IDescriptor> symbols)
    {
        foreach ((string name, IDescriptor descriptor) in own)
        {
            symbols[name] = descriptor;
        }
    }

    private static void Declare(FileDescriptor file, Dictionary<string, IDescriptor> own, Dictionary<string, IDescriptor> others)
    {
        // A package is a name, too: many files may share it, but nothing else may have it. The file stands for it.
        string package = file.Package;
        for (int end = package.Length; end > 0; end = package.LastIndexOf('.', end - 1))
        {
            string prefix = package[..end];
            if (others.TryGetValue(prefix, out IDescriptor? other) && other is not FileDescriptor)
            {
                throw Duplicate(file, prefix, other);
            }

            own[prefix] = file;
        }

        foreach (MessageDescriptor message in file.MessageTypes)
        {
            DeclareMessage(message);
        }

        foreach (EnumDescriptor each in file.EnumTypes)
        {
            DeclareEnum(each);
        }

        foreach (FieldDescriptor extension in file.Extensions.UnorderedExtensions)
        {
            Add(extension);
        }

        foreach (ServiceDescriptor service in file.Services)
        {
            Add(service);
            foreach (MethodDescriptor method in service.Methods)
            {
                Add(method);
            }
        }

        void DeclareMessage(MessageDescriptor message)
        {
            Add(message);
            foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
            {
                Add(field);
            }

            foreach (OneofDescriptor oneof in message.Oneofs)
            {
                Add(oneof);
            }

            foreach (FieldDescriptor extension in message.Extensions.UnorderedExtensions)
            {
                Add(extension);
            }

            foreach (EnumDescriptor nested in message.EnumTypes)
            {
                DeclareEnum(nested);
            }

            foreach (MessageDescriptor nested in message.NestedTypes)
            {
                DeclareMessage(nested);
            }
        }

        void DeclareEnum(EnumDescriptor each)
        {
            Add(each);
            foreach (EnumValueDescriptor value in each.Values)
            {
                Add(value);
            }
        }

        void Add(DescriptorBase descriptor)
        {
            if (!DescriptorNames.IsIdentifier(descriptor.Name))
            {
                throw new DescriptorValidationException(file.Name, descriptor.FullName, $"\"{descriptor.Name}\" is not an identifier.");
            }

            if (others.TryGetValue(descriptor.FullName, out IDescriptor? other) || !own.TryAdd(descriptor.FullName, descriptor))
            {
                throw Duplicate(file, descriptor.FullName, other ?? own[descriptor.FullName]);
            }
        }
    }

    private static DescriptorValidationException Duplicate(FileDescriptor file, string name, IDescriptor other) =>
        new(file.Name, name, other is FileDescriptor
            ? $"\"{name}\" is a package (file {other.File.Name})."
            : $"\"{name}\" is already defined in file {other.File.Name}.");

    /// <summary>Checks what must hold before any descriptor can be made.</summary>
    private static void CheckFile(FileDescriptorProto proto, IReadOnlyList<FileDescriptor> dependencies)
    {
        if (proto.Name.Length == 0)
        {
            throw new DescriptorValidationException("(unnamed)", "", "The file has no name.");
        }

        if (proto.Package.Length > 0 && !DescriptorNames.IsFullIdentifier(proto.Package))
        {
            throw Invalid($"\"{proto.Package}\" is not a package name.");
        }

        switch (proto.Syntax)
        {
            case "" or "proto2" or "proto3":
                break;
            case "editions" when proto.Edition is >= Edition._2023 and <= Edition._2026 or Edition.Unstable:
                break;
            case "editions":
                throw Invalid($"Edition {proto.Edition} is not supported; the editions known here are 2023 to 2026.");
            default:
                throw Invalid($"Syntax \"{proto.Syntax}\" is not known; it is \"proto2\", \"proto3\" or \"editions\".");
        }

        if (dependencies.Count != proto.Dependency.Count)
        {
            throw Invalid($"It imports {proto.Dependency.Count} files, but {dependencies.Count} descriptors were given.");
        }

        HashSet<string> imports = new(StringComparer.Ordinal);
        for (int i = 0; i < dependencies.Count; i++)
        {
            string import = proto.Dependency[i];
            if (import != dependencies[i].Name)
            {
                throw Invalid($"Import {i} is \"{import}\", but the descriptor given for it is that of \"{dependencies[i].Name}\".");
            }

            if (import == proto.Name || !imports.Add(import))
            {
                throw Invalid(import == proto.Name ? "It imports itself." : $"It imports \"{import}\" twice.");
            }
        }

        foreach (int index in proto.PublicDependency)
        {
            CheckImportIndex(index, "public_dependency");
        }

        foreach (int index in proto.WeakDependency)
        {
            CheckImportIndex(index, "weak_dependency");
        }

        DescriptorLimits.Check(proto);

        void CheckImportIndex(int index, string field)
        {
            if ((uint)index >= (uint)dependencies.Count)
            {
                throw Invalid($"{field} {index} is not the index of an import.");
            }
        }

        DescriptorValidationException Invalid(string description) => new(proto.Name, "", description);
    }
}
