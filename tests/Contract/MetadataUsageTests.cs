// SPDX-License-Identifier: Apache-2.0
using Peregrine;
using Xunit;
using Status = Peregrine.Status;

namespace Contract;

/// <summary>Metadata, statuses and options as users handle them; also the alias that avoids another Status.</summary>
public class MetadataUsageTests
{
    [Fact]
    public void Metadata_is_a_list_of_entries()
    {
        var metadata = new Metadata
        {
            { "ascii", "value" },
            { "bytes-bin", new byte[] { 1, 2 } },
            new Metadata.Entry("entry", "3"),
        };
        IList<Metadata.Entry> list = metadata;
        Assert.Equal(3, list.Count);
        foreach (var entry in metadata.Where(e => e.IsBinary))
        {
            Assert.EndsWith(Metadata.BinaryHeaderSuffix, entry.Key);
            Assert.Equal(2, entry.ValueBytes.Length);
        }

        Assert.Equal("value", metadata.FirstOrDefault(e => e.Key == "ascii")?.Value);
        Assert.Equal(new byte[] { 1, 2 }, metadata.GetValueBytes("bytes-bin"));
        Assert.Single(metadata.GetAll("entry"));
        Assert.Empty(Metadata.Empty);
    }

    [Fact]
    public void A_status_is_made_and_compared()
    {
        var status = new Status(StatusCode.NotFound, "no book", new InvalidOperationException());
        Assert.NotNull(status.DebugException);
        var exception = new RpcException(status, new Metadata(), "message");
        Assert.Equal("message", exception.Message);
        switch (exception.Status.StatusCode)
        {
            case StatusCode.NotFound:
                break;
            default:
                Assert.Fail("other code");
                break;
        }
    }

    [Fact]
    public void Call_options_are_built_up()
    {
        var options = new CallOptions(deadline: DateTime.UtcNow.AddSeconds(1), headers: new Metadata())
            .WithCancellationToken(CancellationToken.None)
            .WithWaitForReady()
            .WithWriteOptions(new WriteOptions(WriteFlags.BufferHint | WriteFlags.NoCompress));
        Assert.True(options.IsWaitForReady);
        Assert.NotNull(options.Headers);
    }
}
