// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Symbols;

internal sealed class ServiceSymbol : Symbol
{
    public ServiceSymbol(string name, string scope, FileSymbol file)
        : base(name, scope, file, file) => FullName = base.FullName;

    public override string FullName { get; }

    public List<MethodSymbol> Methods { get; } = [];

    public override string KindName => "service";
}

internal sealed class MethodSymbol : Symbol
{
    private MethodSyntax? _syntax;

    public MethodSymbol(MethodSyntax syntax, ServiceSymbol parent)
        : base(syntax.Name.Text, parent.FullName, parent.File, parent) => _syntax = syntax;

    public MethodSyntax Syntax => _syntax ?? throw new InvalidOperationException($"The text of \"{FullName}\" was asked for after it had been released.");

    public MessageSymbol? Input { get; set; }

    public MessageSymbol? Output { get; set; }

    public override string KindName => "method";

    public override void ReleaseText()
    {
        _syntax = null;
        base.ReleaseText();
    }
}
