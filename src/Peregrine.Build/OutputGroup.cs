// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Compiler.CSharp;

namespace Peregrine.Build;

/// <summary>What files must have in common to be generated in one go.</summary>
/// <param name="Options">The options.</param>
/// <param name="IsCompiled">Whether the project compiles the output.</param>
/// <param name="Messages">The directory of messages.</param>
/// <param name="Services">The directory of services.</param>
internal sealed record OutputGroup(CSharpGeneratorOptions Options, bool IsCompiled, string Messages, string Services);
