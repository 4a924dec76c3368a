// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Checks that the rules of a file's edition are known.</summary>
internal static class CheckEdition
{
    public static void Run(FileSymbol file)
    {
        if (file.Tree.Root.Declaration is not { } declaration)
        {
            return;
        }

        if (file.Edition is > SourceEdition.Unknown and < SourceEdition.Proto2)
        {
            LegalizeMessages.EditionTooOld(file.Diagnostics, file.SpanOf(declaration), SourceEditions.Name(file.Edition));
        }
        else if (file.Edition > SourceEditions.Newest && file.Edition != SourceEdition.Unstable)
        {
            LegalizeMessages.EditionTooNew(file.Diagnostics, file.SpanOf(declaration), SourceEditions.Name(file.Edition));
        }
    }
}
