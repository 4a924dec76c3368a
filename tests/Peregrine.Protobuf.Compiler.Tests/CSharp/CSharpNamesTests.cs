// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Compiler.CSharp;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.CSharp;

public class CSharpNamesTests
{
    [Theory]
    [InlineData("message_name", "MessageName")]
    [InlineData("messageName", "MessageName")]
    [InlineData("foo_bar1baz", "FooBar1Baz")]
    [InlineData("URL", "URL")]
    [InlineData("_leading", "Leading")]
    [InlineData("trailing_", "Trailing")]
    [InlineData("a__b", "AB")]
    [InlineData("_1st", "_1St")]
    [InlineData("_", "_")]
    public void Field_names_become_pascal_case(string name, string expected) =>
        Assert.Equal(expected, CSharpNames.Pascal(name));

    [Theory]
    [InlineData("Color", "COLOR_RED", "Red")]
    [InlineData("Color", "COLOR_UNSPECIFIED", "Unspecified")]
    [InlineData("Color", "COLOR", "Color")]
    [InlineData("Color", "COLOR_3D", "_3D")]
    [InlineData("Color", "Color_2_D", "_2D")]
    [InlineData("Color", "DARK_BLUE", "DarkBlue")]
    [InlineData("FooBar", "FOO_BAR_BAZ", "Baz")]
    [InlineData("FooBar", "FOOBAR_BAZ_2X", "Baz2X")]
    [InlineData("Edition", "EDITION_2023", "_2023")]
    [InlineData("Corpus", "IMAGES", "Images")]
    [InlineData("PhoneType", "PhoneType_MOBILE", "Mobile")]
    public void Enum_values_lose_the_name_of_their_enum(string type, string value, string expected) =>
        Assert.Equal(expected, CSharpNames.EnumValue(type, value));

    [Theory]
    [InlineData("a.proto", null, "", "")]
    [InlineData("a.proto", null, "foo.bar_baz.v1", "Foo.BarBaz.V1")]
    [InlineData("a.proto", "My.Own", "foo", "My.Own")]
    [InlineData("google/protobuf/any.proto", "Google.Protobuf.WellKnownTypes", "google.protobuf", "Peregrine.Protobuf.WellKnownTypes")]
    [InlineData("google/protobuf/descriptor.proto", "Google.Protobuf.Reflection", "google.protobuf", "Peregrine.Protobuf.Reflection")]
    [InlineData("google/rpc/status.proto", "Google.Rpc", "google.rpc", "Google.Rpc")]
    [InlineData("google/type/money.proto", null, "google.type", "Google.Type")]
    [InlineData("mine/any.proto", "Google.Protobuf.WellKnownTypes", "google.protobuf", "Google.Protobuf.WellKnownTypes")]
    public void Namespaces_are_the_option_or_the_package_and_ours_for_built_in_files(
        string path, string? option, string package, string expected) =>
        Assert.Equal(expected, CSharpNames.Namespace(path, option, package));

    [Theory]
    [InlineData("hello_world.proto", "HelloWorld")]
    [InlineData("a/b/hello-world.v1.proto", "HelloWorldV1")]
    [InlineData("1st.proto", "_1St")]
    public void File_stems_are_the_last_segment_in_pascal_case(string path, string expected) =>
        Assert.Equal(expected, CSharpNames.FileStem(path));

    [Theory]
    [InlineData("a/v1beta1.proto", "V1beta1")]
    [InlineData("hello_world.proto", "HelloWorld")]
    [InlineData("_a__b1c.proto", "AB1c")]
    [InlineData("1st-thing.v1.proto", "1st-thing.v1")]
    public void Stems_of_files_with_services_capitalize_after_underscores_only(string path, string expected) =>
        Assert.Equal(expected, CSharpNames.ServiceFileStem(path));

    [Theory]
    [InlineData("class", "@class")]
    [InlineData("field", "@field")]
    [InlineData("Class", "Class")]
    public void Keywords_are_escaped(string name, string expected) => Assert.Equal(expected, CSharpNames.Escape(name));
}
