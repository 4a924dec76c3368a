// SPDX-License-Identifier: Apache-2.0
extern alias google;

using Bench;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace ProtobufBenchmarks;

/// <summary>One message, in the hands of both runtimes.</summary>
public sealed class Row
{
    private readonly Lazy<(byte[] Bytes, Subject Ours, Subject Theirs)> _content;

    private Row(string name, Func<(byte[] Bytes, Subject Ours, Subject Theirs)> make)
    {
        Name = name;
        _content = new(make);
    }

    /// <summary>All rows, in the order of the table.</summary>
    public static IReadOnlyList<Row> All { get; } =
    [
        Make("greeting", static () => Payloads.Greeting(), Greeting.Parser, google::Bench.Greeting.Parser),
        Make("nested", static () => Payloads.Tree(), Node.Parser, google::Bench.Node.Parser),
        Make("strings", static () => Payloads.Article(), Article.Parser, google::Bench.Article.Parser),
        Make("packed", static () => Payloads.Series(), Series.Parser, google::Bench.Series.Parser),
        Make("maps", static () => Payloads.Directory(), Bench.Directory.Parser, google::Bench.Directory.Parser),
        Make("unknown", static () => Payloads.Mix(Payloads.SmallMix), Nothing.Parser, google::Bench.Nothing.Parser),
        Make("mix, small", static () => Payloads.Mix(Payloads.SmallMix), Mix.Parser, google::Bench.Mix.Parser),
        Make("mix, large", static () => Payloads.Mix(Payloads.LargeMix), Mix.Parser, google::Bench.Mix.Parser),
        Make("descriptors", static () => Payloads.Descriptors(), FileDescriptorSet.Parser, Google.Protobuf.Reflection.FileDescriptorSet.Parser),
    ];

    public string Name { get; }

    public byte[] Bytes => _content.Value.Bytes;

    public Subject Ours => _content.Value.Ours;

    public Subject Theirs => _content.Value.Theirs;

    public override string ToString() => Name;

    private static Row Make<TOurs, TTheirs>(string name, Func<IMessage> payload, MessageParser<TOurs> ours, Google.Protobuf.MessageParser<TTheirs> theirs)
        where TOurs : class, IMessage<TOurs>, new()
        where TTheirs : Google.Protobuf.IMessage<TTheirs>, new()
        => new(name, () =>
        {
            byte[] bytes = payload().ToByteArray();
            Subject ourSubject = new PeregrineSubject<TOurs>(bytes, ours);
            Subject theirSubject = new GoogleSubject<TTheirs>(bytes, theirs);
            (int ourLength, int theirLength) = (ourSubject.ToArray().Length, theirSubject.ToArray().Length);
            return ourLength == theirLength
                ? (bytes, ourSubject, theirSubject)
                : throw new InvalidOperationException($"{name}: the runtimes write {ourLength} and {theirLength} bytes.");
        });
}
