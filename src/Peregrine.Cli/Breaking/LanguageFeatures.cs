// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Breaking;

/// <summary>
/// What strings are in the code of some languages: features that cpp_features.proto and java_features.proto declare as extensions of
/// <c>FeatureSet</c>, and the options that said the same before editions. The numbers are those of these files.
/// </summary>
internal static class LanguageFeatures
{
    /// <summary>The number of <c>pb.cpp</c>.</summary>
    public const int Cpp = 1000;

    /// <summary>The number of <c>pb.java</c>.</summary>
    public const int Java = 1001;

    /// <summary>The number of the feature that is asked for here: <c>string_type</c> of C++, <c>utf8_validation</c> of Java.</summary>
    public const int Number = 2;

    private const string PlainString = "STRING";
    private const string StringPiece = "STRING_PIECE";
    private const int JavaVerify = 2;

    /// <summary>The type of a string or of bytes in C++.</summary>
    public static string CppStringType(FieldDescriptor field)
    {
        var isBefore2024 = field.File.Edition < Edition._2024;
        if (isBefore2024 && field.GetOptions() is { HasCtype: true } options)
        {
            return options.Ctype switch
            {
                FieldOptions.Types.CType.Cord => "CORD",
                FieldOptions.Types.CType.StringPiece => StringPiece,
                _ => PlainString,
            };
        }

        return Find(field, Cpp) switch
        {
            1 => "VIEW",
            2 => "CORD",
            3 => PlainString,
            _ => isBefore2024 ? PlainString : "VIEW",
        };
    }

    /// <summary>Whether code that was made for one type takes another: a string where there was a piece of one.</summary>
    public static bool IsSameOrWider(string before, string after) => before == after || (before == StringPiece && after == PlainString);

    /// <summary>Whether Java checks that a string is UTF-8.</summary>
    public static bool IsCheckedInJava(FieldDescriptor field)
    {
        var verifies = field.Features.Utf8Validation == FeatureSet.Types.Utf8Validation.Verify;
        var options = field.File.GetOptions();
        return field.File.Edition < Edition._2023 || options?.HasJavaStringCheckUtf8 == true
            ? options?.JavaStringCheckUtf8 == true || verifies
            : Find(field, Java) == JavaVerify || verifies;
    }

    // What the innermost says that says something; null if nothing does.
    private static int? Find(FieldDescriptor field, int language)
    {
        if (Read(field.GetOptions()?.Features, language) is { } own)
        {
            return own;
        }

        for (var message = field.ContainingType; message is not null; message = message.ContainingType)
        {
            if (Read(message.GetOptions()?.Features, language) is { } outer)
            {
                return outer;
            }
        }

        return Read(field.File.GetOptions()?.Features, language);
    }

    private static int? Read(FeatureSet? features, int language)
    {
        if (features is null)
        {
            return null;
        }

        int? value = null;
        var input = new CodedInputStream(features.ToByteArray());
        while (input.ReadTag() is > 0 and var tag)
        {
            if (tag >> 3 != language)
            {
                input.SkipLastField();
                continue;
            }

            var extension = new CodedInputStream(input.ReadBytes().ToByteArray());
            while (extension.ReadTag() is > 0 and var inner)
            {
                if (inner >> 3 == Number)
                {
                    value = extension.ReadEnum();
                }
                else
                {
                    extension.SkipLastField();
                }
            }
        }

        return value;
    }
}
