// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;
using Xunit;
using static Peregrine.Protobuf.Reflection.FeatureSet.Types;

namespace Peregrine.Protobuf.Compiler.Tests.Descriptors;

/// <summary>The features that descriptors tell: of the edition, of their parents, and their own.</summary>
public class ResolvedFeatureTests
{
    private static readonly ResolvedFeatures Proto2 = new(
        FieldPresence.Explicit, EnumType.Closed, RepeatedFieldEncoding.Expanded, Utf8Validation.None, MessageEncoding.LengthPrefixed, JsonFormat.LegacyBestEffort);

    private static readonly ResolvedFeatures Proto3 = new(
        FieldPresence.Implicit, EnumType.Open, RepeatedFieldEncoding.Packed, Utf8Validation.Verify, MessageEncoding.LengthPrefixed, JsonFormat.Allow);

    private static readonly ResolvedFeatures Edition2023 = Proto3 with { FieldPresence = FieldPresence.Explicit };

    public static TheoryData<string, Edition, ResolvedFeatures> Defaults => new()
    {
        { "syntax = \"proto2\";", Edition.Proto2, Proto2 },
        { "syntax = \"proto3\";", Edition.Proto3, Proto3 },
        { "edition = \"2023\";", Edition._2023, Edition2023 },
        { "edition = \"2024\";", Edition._2024, Edition2023 },
    };

    [Theory]
    [MemberData(nameof(Defaults))]
    public void Elements_of_a_file_that_sets_nothing_have_the_defaults_of_its_edition(string head, Edition edition, ResolvedFeatures expected)
    {
        string label = edition == Edition.Proto2 ? "optional " : "";
        FileDescriptor file = Compiled($$"""
            {{head}}
            message M { {{label}}int32 a = 1; message N {} oneof o { string b = 2; } enum E { E_UNKNOWN = 0; } }
            service S { rpc R(M) returns (M); }
            """);
        MessageDescriptor message = file.MessageTypes[0];
        Assert.Equal(edition, file.Edition);
        Assert.Equal(expected, ResolvedFeatures.DefaultsOf(edition));
        Assert.Equal(expected, file.Features);
        Assert.All(
            (IEnumerable<DescriptorBase>)[message, .. message.Fields.InDeclarationOrder(), message.Oneofs[0], message.NestedTypes[0], message.EnumTypes[0],
                message.EnumTypes[0].Values[0], file.Services[0], file.Services[0].Methods[0]],
            element => Assert.Equal(expected, element.Features));
    }

    [Fact]
    public void Overrides_are_inherited_until_something_overrides_them()
    {
        FileDescriptor file = Compiled("""
            edition = "2023";
            option features.field_presence = IMPLICIT;
            option features.utf8_validation = NONE;
            option features.json_format = LEGACY_BEST_EFFORT;
            message Outer {
              option features.json_format = ALLOW;
              string a = 1;
              string b = 2 [features.field_presence = EXPLICIT, features.utf8_validation = VERIFY];
              repeated int32 c = 3;
              repeated int32 d = 4 [features.repeated_field_encoding = EXPANDED];
              Outer e = 5 [features.message_encoding = DELIMITED];
              int32 f = 6 [features.field_presence = LEGACY_REQUIRED];
              enum Shut { option features.enum_type = CLOSED; SHUT_ZERO = 0; }
              enum Open { OPEN_ZERO = 0; }
              Shut g = 7 [features.field_presence = EXPLICIT];
              Open h = 8;
              oneof o { string i = 9; }
              extensions 100 to 200;
            }
            extend Outer { repeated int32 j = 100 [features.repeated_field_encoding = EXPANDED]; string k = 101; }
            """);
        MessageDescriptor outer = file.MessageTypes[0];
        ResolvedFeatures inherited = Edition2023 with { FieldPresence = FieldPresence.Implicit, Utf8Validation = Utf8Validation.None };
        Assert.Equal(inherited with { JsonFormat = JsonFormat.LegacyBestEffort }, file.Features);
        Assert.Equal(inherited, outer.Features);
        Assert.Equal(inherited, outer.Fields["a"].Features);
        Assert.Equal(inherited with { FieldPresence = FieldPresence.Explicit, Utf8Validation = Utf8Validation.Verify }, outer.Fields["b"].Features);
        Assert.Equal(inherited with { EnumType = EnumType.Closed }, outer.EnumTypes[0].Features);
        Assert.Equal(inherited with { EnumType = EnumType.Closed }, outer.EnumTypes[0].Values[0].Features);

        Assert.Equal((false, true), (outer.Fields["a"].HasPresence, outer.Fields["b"].HasPresence));
        Assert.Equal((false, true), (outer.Fields["a"].RequiresUtf8Validation, outer.Fields["b"].RequiresUtf8Validation));
        Assert.Equal((true, false), (outer.Fields["c"].IsPacked, outer.Fields["d"].IsPacked));
        Assert.Equal(FieldType.Group, outer.Fields["e"].FieldType);
        Assert.True(outer.Fields["f"].IsRequired);
        Assert.Equal((true, false), (outer.Fields["g"].EnumType.IsClosed, outer.Fields["h"].EnumType.IsClosed));
        Assert.Equal((FieldPresence.Implicit, true), (outer.Fields["i"].Features.FieldPresence, outer.Fields["i"].HasPresence));

        // An extension inherits from where it is declared, not from what it extends.
        FieldDescriptor j = file.Extensions.UnorderedExtensions[0];
        Assert.Equal(file.Features with { RepeatedFieldEncoding = RepeatedFieldEncoding.Expanded }, j.Features);
        Assert.False(j.IsPacked);
        Assert.True(file.Extensions.UnorderedExtensions[1].HasPresence);
    }

    [Fact]
    public void What_proto2_and_proto3_say_in_other_words_is_a_feature_too()
    {
        MessageDescriptor old = Compiled("""
            syntax = "proto2";
            message M {
              required int32 a = 1; repeated int32 b = 2 [packed = true]; optional group C = 3 {} repeated int32 d = 4;
            }
            """).MessageTypes[0];
        Assert.Equal(Proto2 with { FieldPresence = FieldPresence.LegacyRequired }, old.Fields["a"].Features);
        Assert.Equal(Proto2 with { RepeatedFieldEncoding = RepeatedFieldEncoding.Packed }, old.Fields["b"].Features);
        Assert.Equal(Proto2 with { MessageEncoding = MessageEncoding.Delimited }, old.Fields["c"].Features);
        Assert.Equal((true, true, false), (old.Fields["a"].IsRequired, old.Fields["b"].IsPacked, old.Fields["d"].IsPacked));

        MessageDescriptor message = Compiled("""
            syntax = "proto3";
            message M { optional int32 a = 1; repeated int32 b = 2 [packed = false]; int32 c = 3; M d = 4; }
            """).MessageTypes[0];
        Assert.Equal(Proto3 with { FieldPresence = FieldPresence.Explicit }, message.Fields["a"].Features);
        Assert.Equal(Proto3 with { RepeatedFieldEncoding = RepeatedFieldEncoding.Expanded }, message.Fields["b"].Features);
        Assert.Equal((true, false, true), (message.Fields["a"].HasPresence, message.Fields["c"].HasPresence, message.Fields["d"].HasPresence));
    }

    private static FileDescriptor Compiled(string text)
    {
        CompilationResult result = Compilation.CompileText(text);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return result.CreateFileDescriptors()[^1];
    }
}
