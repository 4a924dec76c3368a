// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Peregrine.TestKit;
using ProtobufFuzz;

// ProtobufFuzz TARGET SEED SECONDS [CORPUS], or TARGET HEX: see FuzzProgram.
// ProtobufFuzz depth LEVELS: nesting of so many levels ends in no stack overflow.
// ProtobufFuzz scaling: time grows with the size of input, not with its square.
return args switch
{
    ["depth", string levels] => new Depth(int.Parse(levels, CultureInfo.InvariantCulture)).Run(),
    ["scaling"] => Scaling.Run(),
    _ => FuzzProgram.Run("ProtobufFuzz", args, Targets.All),
};
