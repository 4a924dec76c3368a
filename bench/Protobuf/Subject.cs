// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace ProtobufBenchmarks;

/// <summary>What is measured of a runtime, on one message.</summary>
public abstract class Subject
{
    /// <summary>Reads the bytes into a new message.</summary>
    public abstract object Parse();

    /// <summary>Writes the message to a buffer writer that is used again and again, as a connection's is.</summary>
    public abstract object Write();

    /// <summary>Writes the message to a new array.</summary>
    public abstract byte[] ToArray();

    /// <summary>Writes the message as JSON.</summary>
    public abstract string FormatJson();

    /// <summary>Reads the JSON into a new message.</summary>
    public abstract object ParseJson();
}

internal sealed class PeregrineSubject<T>(byte[] bytes, Peregrine.Protobuf.MessageParser<T> parser) : Subject
    where T : class, Peregrine.Protobuf.IMessage<T>, new()
{
    private readonly ArrayBufferWriter<byte> _output = new(bytes.Length + 64);
    private readonly T _message = parser.ParseFrom(bytes);
    private readonly string _json = Peregrine.Protobuf.JsonFormatter.Default.Format(parser.ParseFrom(bytes));

    public override object Parse() => parser.ParseFrom(bytes);

    public override object Write()
    {
        _output.ResetWrittenCount();
        Peregrine.Protobuf.MessageExtensions.WriteTo(_message, _output);
        return _output;
    }

    public override byte[] ToArray() => Peregrine.Protobuf.MessageExtensions.ToByteArray(_message);

    public override string FormatJson() => Peregrine.Protobuf.JsonFormatter.Default.Format(_message);

    public override object ParseJson() => Peregrine.Protobuf.JsonParser.Default.Parse<T>(_json);
}

internal sealed class GoogleSubject<T>(byte[] bytes, Google.Protobuf.MessageParser<T> parser) : Subject
    where T : Google.Protobuf.IMessage<T>, new()
{
    private readonly ArrayBufferWriter<byte> _output = new(bytes.Length + 64);
    private readonly T _message = parser.ParseFrom(bytes);
    private readonly string _json = Google.Protobuf.JsonFormatter.Default.Format(parser.ParseFrom(bytes));

    public override object Parse() => parser.ParseFrom(bytes);

    public override object Write()
    {
        _output.ResetWrittenCount();
        Google.Protobuf.MessageExtensions.WriteTo(_message, _output);
        return _output;
    }

    public override byte[] ToArray() => Google.Protobuf.MessageExtensions.ToByteArray(_message);

    public override string FormatJson() => Google.Protobuf.JsonFormatter.Default.Format(_message);

    public override object ParseJson() => Google.Protobuf.JsonParser.Default.Parse<T>(_json);
}
