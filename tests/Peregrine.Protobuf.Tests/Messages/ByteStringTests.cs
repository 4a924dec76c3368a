// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace Peregrine.Protobuf.Tests.Messages;

public class ByteStringTests
{
    [Fact]
    public void It_copies_what_it_is_made_from()
    {
        byte[] source = [1, 2, 3];
        ByteString copy = ByteString.CopyFrom(source);
        ByteString wrapped = UnsafeByteOperations.UnsafeWrap(source);
        Assert.Equal(copy, wrapped);
        source[0] = 9;
        Assert.Equal(1, copy[0]);
        Assert.Equal(9, wrapped[0]);
        Assert.True(copy != wrapped);
        Assert.Equal([2, 3], ByteString.CopyFrom(source, 1, 2).ToByteArray());
    }

    [Fact]
    public async Task It_converts_to_and_from_text_and_streams()
    {
        ByteString bytes = ByteString.CopyFromUtf8("ä☺");
        Assert.Equal("ä☺", bytes.ToStringUtf8());
        Assert.Equal(bytes, ByteString.FromBase64(bytes.ToBase64()));
        using MemoryStream stream = new();
        bytes.WriteTo(stream);
        stream.Position = 0;
        Assert.Equal(bytes, await ByteString.FromStreamAsync(stream, TestContext.Current.CancellationToken));
        Assert.Equal(bytes.GetHashCode(), ByteString.CopyFromUtf8("ä☺").GetHashCode());
        Assert.Same(ByteString.Empty, ByteString.CopyFrom([]));
        Assert.Equal(5, bytes.Length);
    }

    [Fact]
    public void The_rest_of_a_stream_is_taken()
    {
        using MemoryStream stream = new([1, 2, 3, 4]);
        stream.Position = 1;
        Assert.Equal([2, 3, 4], ByteString.FromStream(stream).ToArray());
    }
}
