// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli;

/// <summary>
/// Works out which features hold in which edition when a file says nothing: <c>google.protobuf.FeatureSetDefaults</c>, from the
/// <c>edition_defaults</c> and <c>feature_support</c> of the fields of <c>FeatureSet</c> and of its extensions.
/// </summary>
internal sealed class FeatureDefaults
{
    private const string FeatureSetName = "google.protobuf.FeatureSet";

    private readonly Dictionary<string, DescriptorProto> _messages = [];
    private readonly Dictionary<string, EnumDescriptorProto> _enums = [];
    private readonly SortedDictionary<int, DescriptorProto> _extensions = [];
    private readonly List<FieldDescriptorProto> _extending = [];

    private FeatureDefaults(IEnumerable<FileDescriptorProto> files)
    {
        foreach (var file in files)
        {
            var scope = file.Package.Length == 0 ? "." : $".{file.Package}.";
            Add(scope, file.MessageType, file.EnumType, file.Extension);
        }

        foreach (var extension in _extending)
        {
            _extensions.TryAdd(extension.Number, _messages[extension.TypeName]);
        }
    }

    /// <summary>Works the defaults out.</summary>
    /// <param name="files">All files, <c>descriptor.proto</c> among them.</param>
    /// <param name="minimum">The lowest edition that they are for.</param>
    /// <param name="maximum">The highest edition that they are for.</param>
    /// <exception cref="InvalidDataException">There is no <c>FeatureSet</c>, or a feature has no default.</exception>
    public static FeatureSetDefaults Compile(IEnumerable<FileDescriptorProto> files, Edition minimum, Edition maximum)
    {
        if (minimum > maximum)
        {
            throw new InvalidDataException($"The editions from {minimum} to {maximum} are none: the first is newer than the last.");
        }

        var all = new FeatureDefaults(files);
        if (!all._messages.TryGetValue("." + FeatureSetName, out var featureSet))
        {
            throw new InvalidDataException(
                $"No file defines {FeatureSetName}: name google/protobuf/descriptor.proto, or a file that imports it.");
        }

        var editions = new SortedSet<Edition>();
        foreach (var field in all._extensions.Values.Prepend(featureSet).SelectMany(message => message.Field))
        {
            var support = field.Options?.FeatureSupport;
            editions.UnionWith(support is null ? [] : [support.EditionIntroduced]);
            editions.UnionWith(support is { HasEditionRemoved: true } ? [support.EditionRemoved] : []);
            editions.UnionWith(field.Options?.EditionDefaults.Select(value => value.Edition) ?? []);
        }

        // What is not decided yet is for whoever tries it out, whatever the range.
        editions.RemoveWhere(edition => edition > maximum && edition != Edition.Unstable);
        if (editions.Count == 0 || editions.Min != Edition.Legacy || minimum < Edition.Legacy)
        {
            throw new InvalidDataException("The first edition with defaults must be EDITION_LEGACY, and not be newer than the minimum.");
        }

        var defaults = new FeatureSetDefaults { MinimumEdition = minimum, MaximumEdition = maximum };
        foreach (var edition in editions)
        {
            defaults.Defaults.Add(new FeatureSetDefaults.Types.FeatureSetEditionDefault
            {
                Edition = edition,
                OverridableFeatures = FeatureSet.Parser.ParseFrom(all.Values(featureSet, edition, isFixed: false)),
                FixedFeatures = FeatureSet.Parser.ParseFrom(all.Values(featureSet, edition, isFixed: true)),
            });
        }

        return defaults;
    }

    private void Add(string scope, IEnumerable<DescriptorProto> messages, IEnumerable<EnumDescriptorProto> enums, IEnumerable<FieldDescriptorProto> extensions)
    {
        _extending.AddRange(extensions.Where(extension => extension.Extendee == "." + FeatureSetName));
        foreach (var symbol in enums)
        {
            _enums.TryAdd(scope + symbol.Name, symbol);
        }

        foreach (var message in messages)
        {
            _messages.TryAdd(scope + message.Name, message);
            Add($"{scope}{message.Name}.", message.NestedType, message.EnumType, message.Extension);
        }
    }

    private byte[] Values(DescriptorProto featureSet, Edition edition, bool isFixed)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            Write(output, featureSet, edition, isFixed);
            foreach (var (number, message) in _extensions)
            {
                using var content = new MemoryStream();
                using (var inner = new CodedOutputStream(content, leaveOpen: true))
                {
                    Write(inner, message, edition, isFixed);
                }

                output.WriteTag(((uint)number << 3) | 2);
                output.WriteBytes(ByteString.CopyFrom(content.ToArray()));
            }
        }

        return stream.ToArray();
    }

    private void Write(CodedOutputStream output, DescriptorProto message, Edition edition, bool isFixed)
    {
        foreach (var field in message.Field.OrderBy(field => field.Number))
        {
            // A feature that is not there yet, or no more, has a value that nobody can change.
            var support = field.Options?.FeatureSupport;
            var isGone = support is not null && ((support.HasEditionIntroduced && edition < support.EditionIntroduced)
                || (support.HasEditionRemoved && edition >= support.EditionRemoved));
            if (isGone == isFixed)
            {
                output.WriteTag((uint)field.Number << 3);
                output.WriteInt32(Value(message, field, edition));
            }
        }
    }

    private int Value(DescriptorProto message, FieldDescriptorProto field, Edition edition)
    {
        var text = field.Options?.EditionDefaults.Where(value => value.Edition <= edition).MaxBy(value => value.Edition)?.Value
            ?? throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"The feature {message.Name}.{field.Name} has no default for the edition {(int)edition}."));
        if (field.Type == FieldDescriptorProto.Types.Type.Bool && text is "true" or "false")
        {
            return text == "true" ? 1 : 0;
        }

        return _enums.TryGetValue(field.TypeName, out var type) && type.Value.FirstOrDefault(value => value.Name == text) is { } found ? found.Number
            : throw new InvalidDataException($"The default \"{text}\" of the feature {message.Name}.{field.Name} is no value of it.");
    }
}
