// SPDX-License-Identifier: Apache-2.0
using Http2Fuzz;
using Peregrine.TestKit;

// Http2Fuzz TARGET SEED SECONDS [CORPUS], or TARGET HEX: see FuzzProgram.
return FuzzProgram.Run("Http2Fuzz", args, Targets.All);
