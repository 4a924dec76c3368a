// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Calls;

/// <summary>The request messages of a call, read as they come.</summary>
internal sealed class Requests(RequestSettings settings, MethodDescriptor method, SchemaSource schema, ByteStreams streams)
{
    /// <summary>What stands between two messages in text format: a line of its own, or grpcurl's character.</summary>
    private const string TextSeparator = "---";
    private const char RecordSeparator = '\u001e';

    /// <summary>Whether they come from standard input: as asked for, or when a stream of requests has no other source.</summary>
    public bool ComeFromInput => settings.Data.Count == 0 ? method.IsClientStreaming : settings.Data is ["@" or "@-" or "-"];

    /// <summary>Is told of requests that are malformed, which are left out, for people who type them; null: the first ends the reading.</summary>
    public Action<ToolException>? Mistake { get; set; }

    /// <summary>Reads them; without any source, a method with one request gets the empty message.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ToolException">A request is malformed, or does not suit the type; the message tells where.</exception>
    public async IAsyncEnumerable<DynamicMessage> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (settings.Data.Count == 0 && !method.IsClientStreaming)
        {
            yield return new DynamicMessage(method.InputType);
            yield break;
        }

        var count = 0;
        foreach (var data in settings.Data.Count == 0 ? ["@"] : settings.Data)
        {
            using var input = Open(data);
            await foreach (var request in (settings.Format == MessageText.Json ? ReadJsonAsync(input, cancellationToken) : ReadTextAsync(input, cancellationToken)).ConfigureAwait(false))
            {
                if (++count > 1 && !method.IsClientStreaming)
                {
                    throw new ToolException($"{method.FullName} takes one request, and a second is given.", ExitCode.Usage);
                }

                yield return request;
            }
        }

        if (count == 0 && !method.IsClientStreaming)
        {
            yield return new DynamicMessage(method.InputType);
        }
    }

    private Stream Open(string data)
    {
        if (data is "@" or "@-" or "-")
        {
            return streams.OpenInput();
        }

        try
        {
            return data.StartsWith('@') ? new FileStream(data[1..], FileMode.Open, FileAccess.Read, FileShare.ReadWrite) : new MemoryStream(Encoding.UTF8.GetBytes(data));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"The request cannot be read: {exception.Message}");
        }
    }

    private async IAsyncEnumerable<DynamicMessage> ReadJsonAsync(Stream input, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new JsonValueReader(input);
        var lines = new CallLines(method.InputType, settings.AreLines);
        while (true)
        {
            DynamicMessage? request = null;
            try
            {
                if (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) is not { } json)
                {
                    yield break;
                }

                var line = lines.Read(json);
                var place = json.Span.Overlaps(line.Json.Span, out var before) ? reader.Place.Behind(json.Span[..before]) : reader.Place;
                request = await FromLineAsync(line, place, cancellationToken).ConfigureAwait(false);
            }
            catch (ToolException mistake) when (Mistake is not null)
            {
                Mistake(mistake);
            }

            if (request is not null)
            {
                yield return request;
            }
        }
    }

    private async Task<DynamicMessage?> FromLineAsync(CallLine line, InputPlace place, CancellationToken cancellationToken) => line.Kind switch
    {
        CallLineKind.End => null,
        CallLineKind.Text => await MessageReader.FromTextAsync(line.Text!, method.InputType, schema, InputPlace.Start, cancellationToken).ConfigureAwait(false),
        _ => await MessageReader.FromJsonAsync(line.Json, method.InputType, schema, place, cancellationToken).ConfigureAwait(false),
    };

    // A text has no end of its own: it is whole where the next begins.
    private async IAsyncEnumerable<DynamicMessage> ReadTextAsync(Stream input, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(input, Encoding.UTF8);
        var text = new StringBuilder();
        var (number, place) = (0, InputPlace.Start);
        while (await Task.Run(reader.ReadLine, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            var parts = line.Trim() == TextSeparator ? ["", ""] : line.Split(RecordSeparator);
            number++;
            for (var (i, column) = (0, 1); i < parts.Length; column += parts[i].Length + 1, i++)
            {
                if (i > 0)
                {
                    if (await FromTextAsync(text.ToString(), place, cancellationToken).ConfigureAwait(false) is { } request)
                    {
                        yield return request;
                    }

                    _ = text.Clear();
                    place = new InputPlace(number, column);
                }

                _ = text.Append(parts[i]).Append('\n');
            }

            if (text.Length > InputBytes.MaxText)
            {
                throw new ToolException($"A request is longer than {InputBytes.MaxText >> 20} MiB.");
            }
        }

        if (!string.IsNullOrWhiteSpace(text.ToString()) && await FromTextAsync(text.ToString(), place, cancellationToken).ConfigureAwait(false) is { } last)
        {
            yield return last;
        }
    }

    private async Task<DynamicMessage?> FromTextAsync(string text, InputPlace place, CancellationToken cancellationToken)
    {
        try
        {
            return await MessageReader.FromTextAsync(text, method.InputType, schema, place, cancellationToken).ConfigureAwait(false);
        }
        catch (ToolException mistake) when (Mistake is not null)
        {
            Mistake(mistake);
            return null;
        }
    }
}
