// SPDX-License-Identifier: Apache-2.0
using System.Threading.Tasks;

namespace Peregrine.Serving;

/// <summary>
/// What a request gets that no method serves, on a server with a policy: first the policy, then the refusal. So who may not call anything learns nothing
/// of what there is.
/// </summary>
internal sealed class RefusedMethod(MethodSettings settings, Status refusal) : ServerMethod(Any, settings)
{
    private static readonly Method<byte[], byte[]> Any =
        new(MethodType.DuplexStreaming, "*", "*", Marshallers.BytesMarshaller, Marshallers.BytesMarshaller);

    /// <inheritdoc/>
    public override ValueTask InvokeAsync(ServerCall call) => throw new RpcException(refusal);
}
