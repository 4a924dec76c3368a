// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Reflection;

/// <summary>The message types that have a JSON form of their own.</summary>
internal enum WellKnownTypeKind : byte
{
    None,
    Any,
    Timestamp,
    Duration,
    FieldMask,
    Struct,
    Value,
    ListValue,
    Wrapper,
}
