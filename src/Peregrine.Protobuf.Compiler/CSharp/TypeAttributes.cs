// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>Writes the attributes of generated types.</summary>
internal static class TypeAttributes
{
    private const string GeneratedCode = "[global::System.CodeDom.Compiler.GeneratedCode(\"peregrine\", null)]";
    private const string DebuggerDisplay = "[global::System.Diagnostics.DebuggerDisplay(\"{ToString(),nq}\")]";
    private const string Serializable = "[global::System.Serializable]";

    /// <summary>Writes those of a type that is no message.</summary>
    public static void Emit(CodeWriter writer, CSharpGeneratorOptions options, bool isDeprecated = false)
    {
        if (!options.StripNonfunctionalCode)
        {
            writer.Line(GeneratedCode);
        }

        EmitObsolete(writer, isDeprecated);
    }

    /// <summary>Writes those of a message class.</summary>
    public static void EmitForMessage(CodeWriter writer, CSharpGeneratorOptions options, bool isDeprecated)
    {
        if (!options.StripNonfunctionalCode)
        {
            writer.Line(GeneratedCode);
            writer.Line(DebuggerDisplay);
        }

        if (options.Serializable)
        {
            writer.Line(Serializable);
        }

        EmitObsolete(writer, isDeprecated);
    }

    private static void EmitObsolete(CodeWriter writer, bool isDeprecated)
    {
        if (isDeprecated)
        {
            writer.Line(Clr.Obsolete);
        }
    }
}
