// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Symbols;

internal sealed class ServiceSymbol : Symbol
{
    public ServiceSymbol(string name, string scope, FileSymbol file)
        : base(name, file, file) => FullName = Join(scope, name);

    public List<MethodSymbol> Methods { get; } = [];

    public override string KindName => "service";
}

internal sealed class MethodSymbol : Symbol
{
    public MethodSymbol(MethodSyntax syntax, ServiceSymbol parent)
        : base(syntax.Name.Text, parent.File, parent)
    {
        Syntax = syntax;
        FullName = Join(parent.FullName, syntax.Name.Text);
    }

    public MethodSyntax Syntax { get; }

    public MessageSymbol? Input { get; set; }

    public MessageSymbol? Output { get; set; }

    public override string KindName => "method";
}
