// SPDX-License-Identifier: Apache-2.0

using System;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>Which halves of a service are generated: the values of <c>GrpcServices</c> in a project file.</summary>
[Flags]
public enum GrpcServices
{
    /// <summary>Neither: messages alone.</summary>
    None = 0,

    /// <summary>The client class.</summary>
    Client = 1,

    /// <summary>The server's base class and the methods that bind it.</summary>
    Server = 2,

    /// <summary>Client and server.</summary>
    Both = Client | Server,
}
