// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Collections;

namespace Peregrine.Protobuf.Reflection;

/// <summary>
/// Reads custom options, also those that a descriptor was parsed without: they are among the unknown fields of its options then.
/// </summary>
internal static class OptionValues
{
    /// <summary>The value of a singular option; its default when it is not set.</summary>
    public static TValue? Get<TOptions, TValue>(TOptions? options, Extension<TOptions, TValue> extension)
        where TOptions : class, IExtendableMessage<TOptions>
    {
        ArgumentNullException.ThrowIfNull(extension);
        return Knowing(options, extension) is { } known && known.HasExtension(extension)
            ? ValueCloning<TValue>.Clone(known.GetExtension(extension)!)
            : extension.DefaultValue;
    }

    /// <summary>The elements of a repeated option; none when it is not set.</summary>
    public static RepeatedField<TValue> Get<TOptions, TValue>(TOptions? options, RepeatedExtension<TOptions, TValue> extension)
        where TOptions : class, IExtendableMessage<TOptions>
    {
        ArgumentNullException.ThrowIfNull(extension);
        return Knowing(options, extension)?.GetExtension(extension)?.Clone() ?? [];
    }

    /// <summary>The value of an option that is known by its descriptor.</summary>
    public static object? Get(IMessage? options, MessageDescriptor optionsType, FileDescriptor file, FieldDescriptor extension)
    {
        ArgumentNullException.ThrowIfNull(extension);
        if (!extension.IsExtension || extension.ExtendeeType.FullName != optionsType.FullName)
        {
            throw new ArgumentException($"{extension.FullName} is not an extension of {optionsType.FullName}, so that it is no option here.", nameof(extension));
        }

        DynamicMessage known = new(extension.ExtendeeType);
        if (options is not null)
        {
            known.MergePartialFrom(options.ToByteArray(), ExtensionsOf(file, extension.File));
        }

        return known.GetField(extension);
    }

    private static TOptions? Knowing<TOptions>(TOptions? options, Extension extension)
        where TOptions : class, IExtendableMessage<TOptions>
    {
        if (options is null || (options.UnknownFields is null && !HoldsOtherwise(options, extension)))
        {
            return options;
        }

        TOptions known = (TOptions)options.Descriptor.Parser.CreateTemplate();
        known.MergePartialFrom(options.ToByteArray(), [extension]);
        return known;
    }

    // Read with a registry of a pool, an option is a value of another extension object with the same number.
    private static bool HoldsOtherwise(IExtendable options, Extension extension)
    {
        foreach ((Extension held, _) in options.Extensions?.Values ?? [])
        {
            if (held.FieldNumber == extension.FieldNumber && !ReferenceEquals(held, extension))
            {
                return true;
            }
        }

        return false;
    }

    // The value of an option may itself have extensions: those of all files that the two see.
    private static ExtensionRegistry ExtensionsOf(params ReadOnlySpan<FileDescriptor> files)
    {
        ExtensionRegistry registry = [];
        HashSet<FileDescriptor> seen = [];
        Stack<FileDescriptor> pending = new(files.ToArray());
        while (pending.TryPop(out FileDescriptor? file))
        {
            if (!seen.Add(file))
            {
                continue;
            }

            foreach (FieldDescriptor each in file.AllExtensions)
            {
                registry.Add(each.DynamicExtensionBy(DynamicTypeFactory.Instance));
            }

            foreach (FileDescriptor dependency in file.Dependencies)
            {
                pending.Push(dependency);
            }
        }

        return registry;
    }
}
