// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Tests.Vocabulary;

public class MetadataTests
{
    [Fact]
    public void Keys_become_lower_case_and_are_found_in_any_case()
    {
        var metadata = new Metadata { { "Request-ID", "7" } };
        Assert.Equal("request-id", metadata[0].Key);
        Assert.Equal("7", metadata.GetValue("REQUEST-id"));
    }

    [Fact]
    public void The_last_entry_of_a_key_is_got_and_all_keep_their_order()
    {
        var metadata = new Metadata { { "k", "1" }, { "other", "x" }, { "k", "2" } };
        Assert.Equal("2", metadata.Get("k")!.Value);
        Assert.Equal(["1", "2"], metadata.GetAll("K").Select(entry => entry.Value));
        Assert.Null(metadata.Get("absent"));
        Assert.Null(metadata.GetValue("absent"));
        Assert.Null(metadata.GetValueBytes("absent"));
    }

    [Fact]
    public void A_snapshot_stays_what_it_is_and_refuses_changes()
    {
        var metadata = new Metadata { { "a", "1" } };
        var first = metadata.Snapshot();
        Assert.Same(first, metadata.Snapshot());
        metadata.Add("b", "2");
        metadata.RemoveAt(0);
        Assert.Equal(["a"], first.Select(entry => entry.Key));
        Assert.Equal(["b"], metadata.Snapshot().Select(entry => entry.Key));
        Assert.Throws<InvalidOperationException>(() => first.Add("c", "3"));
        Assert.Same(first, first.Snapshot());
        Assert.Same(Metadata.Empty, Metadata.Empty.Snapshot());
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData(":path")]
    [InlineData("käse")]
    [InlineData("a\nb")]
    [InlineData("a/b")]
    public void Keys_with_other_characters_are_refused(string key) =>
        Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, "v"));

    [Fact]
    public void Text_and_bytes_go_with_the_ending_of_the_key()
    {
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("key-bin", "text"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("key", [1]));
        Assert.True(new Metadata.Entry("Key-BIN", [1]).IsBinary);
        Assert.Throws<InvalidOperationException>(() => new Metadata.Entry("key-bin", [1]).Value);
        Assert.Equal("v"u8.ToArray(), new Metadata.Entry("key", "v").ValueBytes);
    }

    [Theory]
    [InlineData("a\r\nb")]
    [InlineData("\0")]
    [InlineData("\u007f")]
    [InlineData("☺")]
    public void Values_that_cannot_travel_are_refused_without_quoting_them(string value)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new Metadata.Entry("token", "secret" + value));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Odd_but_legal_received_values_can_be_sent_on()
    {
        var received = Metadata.Entry.Received("key", "caf\u00e9\tx");
        var echo = new Metadata { { received.Key, received.Value } };
        Assert.Equal(received.Value, echo.GetValue("key"));
    }

    [Fact]
    public void Bytes_are_copied_in_and_out()
    {
        byte[] bytes = [1, 2];
        var entry = new Metadata.Entry("k-bin", bytes);
        bytes[0] = 9;
        entry.ValueBytes[1] = 9;
        Assert.Equal([1, 2], entry.ValueBytes);
    }

    [Fact]
    public void Empty_refuses_changes()
    {
        Assert.True(Metadata.Empty.IsReadOnly);
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("k", "v"));
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Clear());
    }
}
