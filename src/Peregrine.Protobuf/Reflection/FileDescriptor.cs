// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Threading;
using Peregrine.Protobuf.Collections;

namespace Peregrine.Protobuf.Reflection;

/// <summary>Describes a .proto file: its messages, enums, services and extensions.</summary>
/// <remarks>
/// Immutable and safe for use by many threads. The descriptor of a generated file parses its bytes when it is first
/// asked about its contents, and links a type name when that type is first asked for.
/// </remarks>
public sealed class FileDescriptor : IDescriptor
{
    private static long _lastSerial;

    private readonly Lock _gate = new();
    private readonly FileDescriptor[] _dependencies;
    private readonly GeneratedMessageInfo?[] _generatedMessages;
    private readonly Type[] _generatedEnums;
    private readonly Extension[] _generatedExtensions;
    private FileContents? _contents;
    private ByteString? _serialized;
    private PublicFiles? _publicFiles;
    private bool _hasPublicFiles;
    private ExtensionCollection? _extensions;
    private Dictionary<string, FieldDescriptor>? _extensionsByName;
    private Dictionary<(MessageDescriptor Extendee, int Number), FieldDescriptor>? _extensionsByNumber;

    private FileDescriptor(
        ByteString? serialized,
        FileDescriptorProto? proto,
        FileDescriptor[] dependencies,
        GeneratedMessageInfo?[] generatedMessages,
        Type[] generatedEnums,
        Extension[] generatedExtensions,
        DynamicTypes? dynamicTypes = null)
    {
        Dynamic = dynamicTypes;
        _serialized = serialized;
        _dependencies = dependencies;
        Dependencies = Array.AsReadOnly(dependencies);
        _generatedMessages = generatedMessages;
        _generatedEnums = generatedEnums;
        _generatedExtensions = generatedExtensions;
        VisibleTypes = new TypeLookup(this);
        if (proto is not null)
        {
            _contents = new FileContents(this, proto, generatedMessages, generatedEnums);
        }
    }

    /// <summary>The descriptor of google/protobuf/descriptor.proto, which describes descriptors.</summary>
    public static FileDescriptor DescriptorProtoFileDescriptor => DescriptorReflection.Descriptor;

    /// <summary>The path under which other files import this one, such as <c>google/protobuf/any.proto</c>.</summary>
    public string Name => Proto.Name;

    /// <summary>The same as <see cref="Name"/>.</summary>
    public string FullName => Name;

    FileDescriptor IDescriptor.File => this;

    /// <summary>The package, or the empty string.</summary>
    public string Package => Proto.Package;

    /// <summary>The edition; proto2 and proto3 count as editions.</summary>
    public Edition Edition => Contents.Edition;

    /// <summary>The features that the file's elements inherit: the edition's defaults, and what the file's options set.</summary>
    public ResolvedFeatures Features => Contents.Features;

    /// <summary>
    /// The position of the whole file, or null when the file's descriptor came without source information (generated code embeds none).
    /// The comments at its top are those of <see cref="SyntaxDeclaration"/>.
    /// </summary>
    public DescriptorDeclaration? Declaration => Contents.FindDeclaration(this, "");

    /// <summary>
    /// Position and comments of the statement <c>syntax = ...</c> or <c>edition = ...</c>; null without one or without source information.
    /// A licence at the top of a file is a detached comment of it.
    /// </summary>
    public DescriptorDeclaration? SyntaxDeclaration => Contents.FindDeclaration(this, FileContents.SyntaxPath);

    /// <summary>Position and comments of the statement <c>package ...</c>; null without one or without source information.</summary>
    public DescriptorDeclaration? PackageDeclaration => Contents.FindDeclaration(this, FileContents.PackagePath);

    /// <summary>The top-level messages in declaration order.</summary>
    public ReadOnlyCollection<MessageDescriptor> MessageTypes => Contents.MessageTypes;

    /// <summary>The top-level enums in declaration order.</summary>
    public ReadOnlyCollection<EnumDescriptor> EnumTypes => Contents.EnumTypes;

    /// <summary>The services in declaration order.</summary>
    public ReadOnlyCollection<ServiceDescriptor> Services => Contents.Services;

    /// <summary>The extensions declared at the top level of the file.</summary>
    public ExtensionCollection Extensions
    {
        get
        {
            return Volatile.Read(ref _extensions) ?? Build();

            ExtensionCollection Build()
            {
                FileContents current = Contents;
                ExtensionCollection built = new(current.Proto.Extension, this, null, current.Features, _generatedExtensions);
                return Interlocked.CompareExchange(ref _extensions, built, null) ?? built;
            }
        }
    }

    /// <summary>The files that this one imports directly, in order.</summary>
    public ReadOnlyCollection<FileDescriptor> Dependencies { get; }

    /// <summary>The files that this one imports with <c>import public</c>.</summary>
    public ReadOnlyCollection<FileDescriptor> PublicDependencies
    {
        get
        {
            var result = new List<FileDescriptor>(Proto.PublicDependency.Count);
            foreach (int index in Proto.PublicDependency)
            {
                if ((uint)index < (uint)_dependencies.Length)
                {
                    result.Add(_dependencies[index]);
                }
            }

            return result.AsReadOnly();
        }
    }

    /// <summary>The serialized <see cref="FileDescriptorProto"/>.</summary>
    public ByteString SerializedData
    {
        get
        {
            return Volatile.Read(ref _serialized) ?? Serialize();

            ByteString Serialize()
            {
                ByteString bytes = Proto.ToByteString();
                return Interlocked.CompareExchange(ref _serialized, bytes, null) ?? bytes;
            }
        }
    }

    internal FileDescriptorProto Proto => Contents.Proto;

    /// <summary>A number that rises from file to file: those that a file imports have smaller ones.</summary>
    internal long Serial { get; } = Interlocked.Increment(ref _lastSerial);

    /// <summary>What the file shows to those who import it; null when that lies too scattered.</summary>
    internal PublicFiles? PublicFiles
    {
        get
        {
            if (!Volatile.Read(ref _hasPublicFiles))
            {
                _publicFiles = PublicFiles.Of(this);
                Volatile.Write(ref _hasPublicFiles, true);
            }

            return _publicFiles;
        }
    }

    /// <summary>Makes the messages of the file's types, which have no generated code; null for a file of generated code.</summary>
    internal DynamicTypes? Dynamic { get; }

    /// <summary>Finds the types that the file names.</summary>
    internal TypeLookup VisibleTypes { get; }

    private FileContents Contents => Volatile.Read(ref _contents) ?? Load();

    /// <summary>Describes a generated file; generated code calls this.</summary>
    /// <param name="serializedFile">The serialized <see cref="FileDescriptorProto"/>; copied, parsed on first use.</param>
    /// <param name="dependencies">The descriptors of all imports, in the order of the file's descriptor.</param>
    /// <param name="messages">The top-level messages, in the order of the file's descriptor.</param>
    /// <param name="enums">The top-level enums, in the order of the file's descriptor.</param>
    /// <param name="extensions">The top-level extensions, in the order of the file's descriptor.</param>
    /// <returns>The descriptor.</returns>
    public static FileDescriptor FromGeneratedCode(
        ReadOnlySpan<byte> serializedFile,
        ReadOnlySpan<FileDescriptor> dependencies,
        GeneratedMessageInfo?[] messages,
        Type[] enums,
        Extension[] extensions)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(enums);
        ArgumentNullException.ThrowIfNull(extensions);
        return new FileDescriptor(ByteString.CopyFrom(serializedFile), null, dependencies.ToArray(), messages, enums, extensions);
    }

    /// <summary>Builds descriptors from serialized <see cref="FileDescriptorProto"/> messages, without generated code.</summary>
    /// <param name="descriptorData">The files, each after those that it imports.</param>
    /// <returns>The descriptors, in the order given.</returns>
    /// <exception cref="InvalidProtocolBufferException">Bytes are malformed.</exception>
    /// <exception cref="DescriptorValidationException">A file breaks a rule or imports one that is not before it.</exception>
    public static IReadOnlyList<FileDescriptor> BuildFromByteStrings(IEnumerable<ByteString> descriptorData) =>
        BuildFromByteStrings(descriptorData, null);

    /// <summary>
    /// Builds descriptors from serialized <see cref="FileDescriptorProto"/> messages, without generated code, with the
    /// extensions that custom options need.
    /// </summary>
    /// <param name="descriptorData">The files, each after those that it imports.</param>
    /// <param name="registry">Extensions of the option messages; others stay unknown fields.</param>
    /// <returns>The descriptors, in the order given.</returns>
    /// <exception cref="InvalidProtocolBufferException">Bytes are malformed.</exception>
    /// <exception cref="DescriptorValidationException">A file breaks a rule or imports one that is not before it.</exception>
    public static IReadOnlyList<FileDescriptor> BuildFromByteStrings(IEnumerable<ByteString> descriptorData, ExtensionRegistry? registry)
    {
        ArgumentNullException.ThrowIfNull(descriptorData);
        MessageParser<FileDescriptorProto> parser = registry is null
            ? FileDescriptorProto.Parser
            : FileDescriptorProto.Parser.WithExtensionRegistry(registry);
        DescriptorPool pool = new();
        List<FileDescriptor> result = [];
        foreach (ByteString data in descriptorData)
        {
            result.Add(pool.Add(parser.ParseFrom(data)));
        }

        return result;
    }

    /// <summary>Finds a message, enum, service or top-level extension by its name without the package.</summary>
    /// <typeparam name="T">The kind of descriptor.</typeparam>
    /// <param name="name">The name; nested types as <c>Outer.Inner</c>.</param>
    /// <returns>The descriptor, or null when there is none of that name and kind.</returns>
    public T? FindTypeByName<T>(string name)
        where T : class, IDescriptor
    {
        ArgumentNullException.ThrowIfNull(name);
        string fullName = Qualify(Package, name);
        FileContents current = Contents;
        if (current.Types.GetValueOrDefault(fullName) is T type)
        {
            return type;
        }

        foreach (ServiceDescriptor service in current.Services)
        {
            if (service.FullName == fullName && service is T found)
            {
                return found;
            }
        }

        foreach (FieldDescriptor extension in Extensions.UnorderedExtensions)
        {
            if (extension.FullName == fullName && extension is T match)
            {
                return match;
            }
        }

        return null;
    }

    /// <summary>A copy of the message that this descriptor was built from.</summary>
    /// <returns>A new message.</returns>
    public FileDescriptorProto ToProto() => Proto.Clone();

    /// <summary>The options of the file.</summary>
    /// <returns>A copy, or null when the .proto sets none.</returns>
    public FileOptions? GetOptions() => Proto.Options?.Clone();

    /// <summary>The value of a custom option.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="extension">The option.</param>
    /// <returns>A copy, or the default of the option when the .proto does not set it: null for a message.</returns>
    public T? GetOption<T>(Extension<FileOptions, T> extension) => OptionValues.Get(Proto.Options, extension);

    /// <summary>The elements of a repeated custom option.</summary>
    /// <typeparam name="T">The type of an element.</typeparam>
    /// <param name="extension">The option.</param>
    /// <returns>A copy; empty when the .proto does not set the option.</returns>
    public RepeatedField<T> GetOption<T>(RepeatedExtension<FileOptions, T> extension) => OptionValues.Get(Proto.Options, extension);

    /// <summary>The value of a custom option that is known by its descriptor only, such as one of a <see cref="DescriptorPool"/>.</summary>
    /// <param name="extension">An extension of <c>google.protobuf.FileOptions</c>.</param>
    /// <returns>
    /// The value as <see cref="DynamicMessage.GetField(FieldDescriptor)"/> gives it, and as there the default when the option is not set.
    /// A copy: changing it does not change the descriptor.
    /// </returns>
    /// <exception cref="ArgumentException">The extension is not one of these options.</exception>
    /// <exception cref="InvalidProtocolBufferException">The bytes of the options are not of the extension's type.</exception>
    public object? GetOption(FieldDescriptor extension) => OptionValues.Get(Proto.Options, FileOptions.Descriptor, this, extension);

    /// <summary>The file's name, for logs and error messages.</summary>
    /// <returns>Text with the name.</returns>
    public override string ToString() => $"FileDescriptor for {Name}";

    internal static FileDescriptor FromProto(FileDescriptorProto proto, FileDescriptor[] dependencies, DynamicTypes dynamicTypes) =>
        new(null, proto, dependencies, [], [], [], dynamicTypes);

    internal static string Qualify(string scope, string name) => scope.Length == 0 ? name : scope + "." + name;

    internal DescriptorDeclaration? FindDeclaration(DescriptorBase descriptor) =>
        Contents.FindDeclaration(descriptor, FileContents.PathOf(descriptor));

    /// <summary>A message or enum of this file by full name.</summary>
    internal DescriptorBase? FindOwnType(string fullName) => Contents.Types.GetValueOrDefault(fullName);

    /// <summary>Every message and enum of this file.</summary>
    internal IEnumerable<DescriptorBase> OwnTypes => Contents.Types.Values;

    /// <summary>Every extension that the file declares, in messages as well.</summary>
    internal IEnumerable<FieldDescriptor> AllExtensions
    {
        get
        {
            foreach (FieldDescriptor extension in Extensions.UnorderedExtensions)
            {
                yield return extension;
            }

            foreach (DescriptorBase type in OwnTypes)
            {
                if (type is MessageDescriptor message)
                {
                    foreach (FieldDescriptor extension in message.Extensions.UnorderedExtensions)
                    {
                        yield return extension;
                    }
                }
            }
        }
    }

    /// <summary>The extension of a full name that this file declares.</summary>
    internal FieldDescriptor? FindExtension(string fullName)
    {
        Dictionary<string, FieldDescriptor>? map = Volatile.Read(ref _extensionsByName);
        if (map is null)
        {
            map = new Dictionary<string, FieldDescriptor>(StringComparer.Ordinal);
            foreach (FieldDescriptor field in AllExtensions)
            {
                map.TryAdd(field.FullName, field);
            }

            Volatile.Write(ref _extensionsByName, map);
        }

        return map.GetValueOrDefault(fullName);
    }

    /// <summary>The extension of a message type and number that this file declares.</summary>
    internal FieldDescriptor? FindExtension(MessageDescriptor extendee, int number)
    {
        Dictionary<(MessageDescriptor Extendee, int Number), FieldDescriptor>? map = Volatile.Read(ref _extensionsByNumber);
        if (map is null)
        {
            map = [];
            foreach (FieldDescriptor field in AllExtensions)
            {
                map.TryAdd((field.ExtendeeType, field.FieldNumber), field);
            }

            Volatile.Write(ref _extensionsByNumber, map);
        }

        return map.GetValueOrDefault((extendee, number));
    }

    private FileContents Load()
    {
        // Only this file's lock is held, and building touches no other file: no two locks can wait for each other.
        lock (_gate)
        {
            if (_contents is null)
            {
                FileContents built = new(this, Parse(), _generatedMessages, _generatedEnums);
                Volatile.Write(ref _contents, built);
            }

            return _contents;
        }
    }

    private FileDescriptorProto Parse()
    {
        // Custom options are extensions that this file's imports declare: with them the options parse into typed values.
        ExtensionRegistry? registry = null;
        HashSet<FileDescriptor> seen = [];
        Stack<FileDescriptor> pending = new([this]);
        while (pending.TryPop(out FileDescriptor? file))
        {
            if (!seen.Add(file))
            {
                continue;
            }

            if (file._generatedExtensions.Length > 0 || file._generatedMessages.Length > 0)
            {
                registry ??= [];
                file.AddGeneratedExtensionsTo(registry);
            }

            foreach (FileDescriptor dependency in file._dependencies)
            {
                pending.Push(dependency);
            }
        }

        MessageParser<FileDescriptorProto> parser = registry is { Count: > 0 }
            ? FileDescriptorProto.Parser.WithExtensionRegistry(registry)
            : FileDescriptorProto.Parser;
        return parser.ParseFrom(_serialized!);
    }

    private void AddGeneratedExtensionsTo(ExtensionRegistry registry)
    {
        foreach (Extension extension in _generatedExtensions)
        {
            registry.Add(extension);
        }

        foreach (GeneratedMessageInfo? message in _generatedMessages)
        {
            message?.AddExtensionsTo(registry);
        }
    }
}
