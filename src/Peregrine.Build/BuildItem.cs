// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.CSharp;

namespace Peregrine.Build;

/// <summary>One Protobuf item of a project, its paths made absolute.</summary>
/// <param name="Path">The .proto file.</param>
/// <param name="Root">The directory that its import path is relative to.</param>
/// <param name="ImportDirectories">Further directories that imports are looked up in.</param>
/// <param name="Services">Which halves of services are generated.</param>
/// <param name="InternalAccess">Whether the generated types are internal.</param>
/// <param name="OutputDirectory">Where the output goes.</param>
/// <param name="CompileOutputs">Whether the output is compiled with the project.</param>
internal sealed record BuildItem(
    string Path,
    string Root,
    IReadOnlyList<string> ImportDirectories,
    GrpcServices Services,
    bool InternalAccess,
    string OutputDirectory,
    bool CompileOutputs);
