// SPDX-License-Identifier: Apache-2.0

using Peregrine.EveryKind;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;
using Message = Peregrine.EveryKind.EveryKind;

namespace Peregrine.Protobuf.Compiler.Tests.CSharp;

public class GeneratedMessageTests
{
    private static Message Full() => new()
    {
        Number = 1,
        MaybeNumber = 0,
        Text = "text",
        MaybeText = "",
        Data = ByteString.CopyFrom(1, 2, 3),
        Ratio = -0.0,
        Color = Color.Red,
        Child = new Message { Number = 2 },
        Numbers = { 1, -1, int.MaxValue },
        Words = { "a", "" },
        Children = { new Message(), new Message { Number = 3 } },
        Counts = { ["one"] = 1, [""] = 0 },
        Named = { [7] = new Message { Text = "seven" } },
        ChosenChild = new Message { Number = 4 },
        Wrapped = 0,
        WrappedText = "wrapped",
        Time = new Timestamp { Seconds = 5 },
        Inner = new Message.Types.Inner { Value = 6 },
        Zigzag = long.MinValue,
        Fixed = uint.MaxValue,
        Flag = true,
    };

    [Fact]
    public void A_full_message_survives_the_wire()
    {
        var message = Full();
        var bytes = message.ToByteArray();
        Assert.Equal(message.CalculateSize(), bytes.Length);
        var parsed = Message.Parser.ParseFrom(bytes);
        Assert.Equal(message, parsed);
        Assert.Equal(message.GetHashCode(), parsed.GetHashCode());
        Assert.Equal(bytes, parsed.ToByteArray());
    }

    [Fact]
    public void A_full_message_survives_json()
    {
        var message = Full();
        Assert.Equal(message, Message.Parser.ParseJson(message.ToString()));
        Assert.Contains("\"maybeNumber\":0", message.ToString().Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_clone_is_deep()
    {
        var message = Full();
        var clone = message.Clone();
        Assert.Equal(message, clone);
        clone.Child!.Number = 100;
        clone.Numbers.Add(4);
        clone.Counts["two"] = 2;
        clone.ChosenChild!.Number = 100;
        Assert.Equal(Full(), message);
        Assert.NotEqual(message, clone);
    }

    [Fact]
    public void Presence_tells_zero_from_unset()
    {
        var message = new Message();
        Assert.False(message.HasMaybeNumber);
        Assert.False(message.HasMaybeText);
        message.MaybeNumber = 0;
        message.MaybeText = "";
        Assert.True(message.HasMaybeNumber);
        Assert.True(Message.Parser.ParseFrom(message.ToByteArray()).HasMaybeText);
        message.ClearMaybeNumber();
        message.ClearMaybeText();
        Assert.Equal(new Message(), message);
        Assert.Empty(message.ToByteArray());
    }

    [Fact]
    public void Setting_a_member_of_a_oneof_clears_the_others()
    {
        var message = new Message { ChosenText = "x" };
        Assert.Equal(Message.ChoiceOneofCase.ChosenText, message.ChoiceCase);
        message.ChosenNumber = 5;
        Assert.Equal(Message.ChoiceOneofCase.ChosenNumber, message.ChoiceCase);
        Assert.Equal("", message.ChosenText);
        message.ChosenWrapper = 6;
        Assert.Equal(0, message.ChosenNumber);
        Assert.Equal(6, Message.Parser.ParseFrom(message.ToByteArray()).ChosenWrapper);
        message.ChosenChild = null;
        Assert.Equal(Message.ChoiceOneofCase.None, message.ChoiceCase);
        message.ChosenNumber = 7;
        message.ClearChoice();
        Assert.Equal(new Message(), message);
    }

    [Fact]
    public void Merging_replaces_scalars_merges_messages_and_appends_lists()
    {
        var message = Full();
        message.MergeFrom(new Message { Number = 9, Child = new Message { Text = "t" }, Numbers = { 5 }, ChosenChild = new Message { Text = "u" } });
        Assert.Equal(9, message.Number);
        Assert.Equal("text", message.Text);
        Assert.Equal(new Message { Number = 2, Text = "t" }, message.Child);
        Assert.Equal([1, -1, int.MaxValue, 5], message.Numbers);
        Assert.Equal(new Message { Number = 4, Text = "u" }, message.ChosenChild);
    }

    [Fact]
    public void Null_is_refused_for_strings_and_bytes()
    {
        var message = new Message();
        Assert.Throws<ArgumentNullException>(() => message.Text = null!);
        Assert.Throws<ArgumentNullException>(() => message.Data = null!);
        Assert.Throws<ArgumentNullException>(() => message.ChosenText = null!);
    }

    [Fact]
    public void Descriptors_describe_the_generated_classes()
    {
        Assert.Equal("peregrine.every_kind.EveryKind", Message.Descriptor.FullName);
        Assert.Equal("peregrine.every_kind.EveryKind.Inner", Message.Types.Inner.Descriptor.FullName);
        Assert.Equal(typeof(Message.Types.Inner), Message.Types.Inner.Descriptor.ClrType);
        Assert.Equal("peregrine.every_kind.Echo", Echo.Descriptor.FullName);
        Assert.Equal(["Say", "Listen"], Echo.Descriptor.Methods.Select(method => method.Name));
    }

    [Fact]
    public void Reflection_reaches_every_field()
    {
        IMessage message = Full();
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            Assert.Equal(message.HasField(field.FieldNumber), field.ContainingOneof is not { Name: "choice" } || field.Name == "chosen_child");
            message.ClearField(field.FieldNumber);
            Assert.False(message.HasField(field.FieldNumber));
        }

        Assert.Equal(new Message(), message);
    }
}
