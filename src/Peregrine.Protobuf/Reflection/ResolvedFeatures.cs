// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Reflection;

/// <summary>
/// The six features that the runtime acts on, resolved: the edition's defaults, overridden by the file and each
/// enclosing element in turn (descriptor.proto, message FeatureSet). Proto2 and proto3 count as editions, and what they say in other
/// words (<c>required</c>, <c>optional</c>, <c>[packed = true]</c>, groups) is said here, too.
/// </summary>
/// <param name="FieldPresence">Whether an unset field differs from one that holds its default, and whether it must be set.</param>
/// <param name="EnumType">Whether an enum takes numbers that it does not declare.</param>
/// <param name="RepeatedFieldEncoding">Whether repeated numbers are written as one run.</param>
/// <param name="Utf8Validation">Whether strings must be UTF-8.</param>
/// <param name="MessageEncoding">Whether messages are written behind their length or between tags, as groups are.</param>
/// <param name="JsonFormat">Whether the element must have an unambiguous JSON form.</param>
public readonly record struct ResolvedFeatures(
    FeatureSet.Types.FieldPresence FieldPresence,
    FeatureSet.Types.EnumType EnumType,
    FeatureSet.Types.RepeatedFieldEncoding RepeatedFieldEncoding,
    FeatureSet.Types.Utf8Validation Utf8Validation,
    FeatureSet.Types.MessageEncoding MessageEncoding,
    FeatureSet.Types.JsonFormat JsonFormat)
{
    private static readonly ResolvedFeatures Proto2 = new(
        FeatureSet.Types.FieldPresence.Explicit,
        FeatureSet.Types.EnumType.Closed,
        FeatureSet.Types.RepeatedFieldEncoding.Expanded,
        FeatureSet.Types.Utf8Validation.None,
        FeatureSet.Types.MessageEncoding.LengthPrefixed,
        FeatureSet.Types.JsonFormat.LegacyBestEffort);

    private static readonly ResolvedFeatures Proto3 = new(
        FeatureSet.Types.FieldPresence.Implicit,
        FeatureSet.Types.EnumType.Open,
        FeatureSet.Types.RepeatedFieldEncoding.Packed,
        FeatureSet.Types.Utf8Validation.Verify,
        FeatureSet.Types.MessageEncoding.LengthPrefixed,
        FeatureSet.Types.JsonFormat.Allow);

    // Editions 2024 and 2026 change only features that matter to source files, not to the runtime.
    private static readonly ResolvedFeatures Edition2023 = Proto3 with
    {
        FieldPresence = FeatureSet.Types.FieldPresence.Explicit,
    };

    /// <summary>The defaults of an edition.</summary>
    /// <param name="edition">The edition; one before proto3 counts as proto2.</param>
    /// <returns>The features of a file that sets none.</returns>
    public static ResolvedFeatures DefaultsOf(Edition edition) => edition switch
    {
        >= Edition._2023 => Edition2023,
        Edition.Proto3 => Proto3,
        _ => Proto2,
    };

    /// <summary>These features with what an element's own options set.</summary>
    internal ResolvedFeatures With(FeatureSet? own)
    {
        if (own is null)
        {
            return this;
        }

        // Unknown (0) is what an unset field reads as; an element that sets it explicitly says nothing either.
        return new ResolvedFeatures(
            own.FieldPresence is var presence and not FeatureSet.Types.FieldPresence.Unknown ? presence : FieldPresence,
            own.EnumType is var enumType and not FeatureSet.Types.EnumType.Unknown ? enumType : EnumType,
            own.RepeatedFieldEncoding is var repeated and not FeatureSet.Types.RepeatedFieldEncoding.Unknown ? repeated : RepeatedFieldEncoding,
            own.Utf8Validation is var utf8 and not FeatureSet.Types.Utf8Validation.Unknown ? utf8 : Utf8Validation,
            own.MessageEncoding is var encoding and not FeatureSet.Types.MessageEncoding.Unknown ? encoding : MessageEncoding,
            own.JsonFormat is var json and not FeatureSet.Types.JsonFormat.Unknown ? json : JsonFormat);
    }

    /// <summary>
    /// The features of a field: its own options, and what labels, types and options meant before editions.
    /// </summary>
    internal ResolvedFeatures ForField(FieldDescriptorProto field, Edition edition)
    {
        ResolvedFeatures resolved = With(field.Options?.Features);
        if (edition >= Edition._2023)
        {
            return resolved;
        }

        if (field.Label == FieldDescriptorProto.Types.Label.Required)
        {
            resolved = resolved with { FieldPresence = FeatureSet.Types.FieldPresence.LegacyRequired };
        }
        else if (field.Proto3Optional)
        {
            resolved = resolved with { FieldPresence = FeatureSet.Types.FieldPresence.Explicit };
        }

        if (field.Type == FieldDescriptorProto.Types.Type.Group)
        {
            resolved = resolved with { MessageEncoding = FeatureSet.Types.MessageEncoding.Delimited };
        }

        if (field.Options is { HasPacked: true } options)
        {
            resolved = resolved with
            {
                RepeatedFieldEncoding = options.Packed
                    ? FeatureSet.Types.RepeatedFieldEncoding.Packed
                    : FeatureSet.Types.RepeatedFieldEncoding.Expanded,
            };
        }

        return resolved;
    }
}
