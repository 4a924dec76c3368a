// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.CSharp.Model;

/// <summary>The features that the generated code depends on, resolved for one declaration.</summary>
internal readonly record struct Features(
    FeatureSet.Types.FieldPresence Presence,
    bool ClosedEnums,
    bool Packed,
    bool ValidateUtf8,
    bool Delimited)
{
    /// <summary>The defaults of the file's syntax or edition, overlaid with the file's own features.</summary>
    public static Features Of(FileDescriptorProto file)
    {
        // https://protobuf.dev/editions/features/: proto2 and proto3 are fixed sets; 2023 and 2024 agree on these five.
        Features defaults = file.Syntax switch
        {
            "" or "proto2" => new(FeatureSet.Types.FieldPresence.Explicit, true, false, false, false),
            "proto3" => new(FeatureSet.Types.FieldPresence.Implicit, false, true, true, false),
            _ => new(FeatureSet.Types.FieldPresence.Explicit, false, true, true, false),
        };
        return defaults.With(file.Options?.Features);
    }

    /// <summary>These features, with those that the options of an inner declaration set.</summary>
    public Features With(FeatureSet? overlay)
    {
        var result = this;
        if (overlay is null)
        {
            return result;
        }

        if (overlay.HasFieldPresence)
        {
            result = result with { Presence = overlay.FieldPresence };
        }

        if (overlay.HasEnumType)
        {
            result = result with { ClosedEnums = overlay.EnumType == FeatureSet.Types.EnumType.Closed };
        }

        if (overlay.HasRepeatedFieldEncoding)
        {
            result = result with
            {
                Packed = overlay.RepeatedFieldEncoding == FeatureSet.Types.RepeatedFieldEncoding.Packed,
            };
        }

        if (overlay.HasUtf8Validation)
        {
            result = result with { ValidateUtf8 = overlay.Utf8Validation == FeatureSet.Types.Utf8Validation.Verify };
        }

        if (overlay.HasMessageEncoding)
        {
            result = result with { Delimited = overlay.MessageEncoding == FeatureSet.Types.MessageEncoding.Delimited };
        }

        return result;
    }
}
