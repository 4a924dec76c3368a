// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Dynamic;

/// <summary>
/// Makes the messages of a field. Their type is worked out with the first: types refer to each other in circles and in
/// chains of any length.
/// </summary>
internal sealed class ChildFactory(MessageDescriptor descriptor)
{
    private DynamicType? _type;

    public MessageParser<DynamicMessage> Parser => new(Create);

    private DynamicMessage Create() => new(_type ??= DynamicType.Of(descriptor));
}
