// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf;

namespace Peregrine;

/// <summary>Protobuf messages as JSON, <c>application/grpc+json</c>, by protobuf's JSON mapping. For messages of other kinds there is no JSON here.</summary>
/// <param name="formatter">Writes; null for <see cref="JsonFormatter.Default"/>.</param>
/// <param name="parser">Reads; null for <see cref="JsonParser.Default"/>.</param>
public sealed class JsonMessageFormat(JsonFormatter? formatter = null, JsonParser? parser = null) : MessageFormat("json")
{
    private readonly JsonFormatter _formatter = formatter ?? JsonFormatter.Default;
    private readonly JsonParser _parser = parser ?? JsonParser.Default;

    /// <inheritdoc/>
    public override Marshaller<T>? CreateMarshaller<T>(Marshaller<T> standard)
    {
        System.ArgumentNullException.ThrowIfNull(standard);
        if (!typeof(IMessage).IsAssignableFrom(typeof(T)))
        {
            return null;
        }

        // A message without fields is no bytes: that is how an empty message is made without reflection.
        return new Marshaller<T>(
            (message, context) =>
            {
                _formatter.Format((IMessage)message, context.GetBufferWriter());
                context.Complete();
            },
            context =>
            {
                var message = standard.Deserializer([]);
                _parser.Merge((IMessage)message, context.PayloadAsNewBuffer());
                return message;
            });
    }
}
