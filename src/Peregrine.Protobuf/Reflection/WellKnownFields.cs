// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Reflection;

/// <summary>The field numbers of the well-known types: formats read them by number, so that dynamic messages work alike.</summary>
internal static class WellKnownFields
{
    public const int MapKey = 1;
    public const int MapValue = 2;
    public const int WrapperValue = 1;
    public const int Seconds = 1;
    public const int Nanos = 2;
    public const int FieldMaskPaths = 1;
    public const int StructFields = 1;
    public const int ListValues = 1;
    public const int AnyTypeUrl = 1;
    public const int AnyValue = 2;
    public const int NullValue = 1;
    public const int NumberValue = 2;
    public const int StringValue = 3;
    public const int BoolValue = 4;
    public const int StructValue = 5;
    public const int ListValue = 6;
}
