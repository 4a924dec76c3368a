// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Lowering;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Language;

/// <summary>The features that hold where nothing is said are read from descriptor.proto; here stands what they are.</summary>
public class EditionDefaultsTests
{
    [Theory]
    [InlineData(998, 1, 2, 2, 3, 1, 2, 2, 1)]
    [InlineData(999, 2, 1, 1, 2, 1, 1, 2, 1)]
    [InlineData(1000, 1, 1, 1, 2, 1, 1, 2, 1)]
    [InlineData(1001, 1, 1, 1, 2, 1, 1, 1, 2)]
    [InlineData(1002, 1, 1, 1, 2, 1, 1, 1, 2)]
    [InlineData(9999, 1, 1, 1, 2, 1, 1, 3, 2)]
    public void Every_edition_has_its_defaults(int edition, int presence, int enumType, int repeated, int utf8, int encoding, int json, int style, int visibility) =>
        Assert.Equal(new FeatureValues(presence, enumType, repeated, utf8, encoding, json, style, visibility), EditionDefaults.For((SourceEdition)edition));

    [Fact]
    public void Every_edition_is_read_as_it_is_written()
    {
        foreach (SourceEdition edition in Enum.GetValues<SourceEdition>().Where(edition => edition != SourceEdition.Unknown))
        {
            bool isEdition = edition is not (SourceEdition.Proto2 or SourceEdition.Proto3);
            Assert.Equal(edition, SourceEditions.Of(new SyntaxDeclarationSyntax { IsEdition = isEdition, Value = SourceEditions.Value(edition) }));
        }
    }
}
