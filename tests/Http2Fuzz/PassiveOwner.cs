// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;

namespace Http2Fuzz;

/// <summary>
/// An owner that does nothing until the end, so that what is told and sent depends on the peer's octets alone, and notes all of it.
/// </summary>
internal sealed partial class PassiveOwner(Http2Role role)
{
    private readonly StringBuilder _told = new();
    private readonly List<DataLease> _leases = [];
    private readonly HashSet<int> _ended = [];
    private (int Stream, long Octets, bool End)? _data;
    private bool _isClosed;

    /// <summary>What was told, a line each, and what was sent, in hex.</summary>
    /// <exception cref="InvalidDataException">Something does not hold.</exception>
    public string Run(IEnumerable<byte[]> pieces)
    {
        using Http2Connection connection = new(role, new Http2ConnectionOptions { MaxStreamWindow = 0 }, 0);
        List<Http2Event> events = [];
        if (role == Http2Role.Client)
        {
            Requests.Open(connection, 3);
        }

        foreach (byte[] piece in pieces)
        {
            connection.Receive(piece, 0, events);
            Note(events);
        }

        connection.ReceiveEnd(0, events);
        Note(events);
        EndData();
        _told.Append(Convert.ToHexString(SentFrames.Take(connection, events, role)));
        Note(events);
        _leases.ForEach(lease => connection.ReleaseData(lease));
        return _told.ToString();
    }

    /// <summary>What kinds of lines there are, and how it ended, without numbers: inputs that are told alike have one shape.</summary>
    public static string Shape(string told)
    {
        string[] lines = told.Split('\n')[..^1];
        IEnumerable<string> kinds = lines.Select(line => line.Split(' ')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        string end = lines.LastOrDefault(line => line.StartsWith(nameof(Http2EventKind.ConnectionClosed), StringComparison.Ordinal), "");
        return string.Join(';', kinds) + Numbers().Replace(end, "#");
    }

    [GeneratedRegex("0x[0-9a-f]+|[0-9]+")]
    private static partial Regex Numbers();

    private void Note(List<Http2Event> events)
    {
        foreach (Http2Event item in events)
        {
            if (_isClosed)
            {
                throw new InvalidDataException($"{item.Kind} was told behind the end of the connection.");
            }

            if (item.Kind == Http2EventKind.Data)
            {
                NoteData(item);
                continue;
            }

            if (item.Kind is Http2EventKind.Drained or Http2EventKind.StreamsAvailable)
            {
                // What holds at the end of a read is told then: of a connection that has ended meanwhile it is not.
                continue;
            }

            EndData();
            Note(item);
        }

        events.Clear();
    }

    private void NoteData(in Http2Event item)
    {
        if (_data is { } data && data.Stream != item.StreamId)
        {
            EndData();
        }

        _data = (item.StreamId, (_data?.Octets ?? 0) + item.Data.Length, item.EndStream);
        if (!item.Data.IsEmpty)
        {
            _leases.Add(item.Data);
        }

        if (item.EndStream)
        {
            EndData();
        }
    }

    // Pieces of one frame are one line, however they came.
    private void EndData()
    {
        if (_data is not { } data)
        {
            return;
        }

        _data = null;
        if (data.Octets > 0 || data.End)
        {
            Append(string.Create(CultureInfo.InvariantCulture, $"Data {data.Stream} {data.Octets} {data.End}"));
        }
    }

    private void Note(in Http2Event item)
    {
        string more = "";
        switch (item.Kind)
        {
            case Http2EventKind.Headers or Http2EventKind.Trailers:
                more = item.EndStream + " " + Text(item.Headers!);
                Http2Connection.ReleaseHeaders(item.Headers!);
                break;
            case Http2EventKind.StreamReset:
                more = $"{item.Unprocessed} {item.Error}";
                if (!_ended.Add(item.StreamId))
                {
                    throw new InvalidDataException($"Stream {item.StreamId} ended twice.");
                }

                break;
            case Http2EventKind.PrefaceMismatch:
                // How much of it came at once is the reader's business.
                _leases.Add(item.Data);
                break;
            case Http2EventKind.ConnectionClosed:
                _isClosed = true;
                more = item.Error.ToString();
                break;
            case Http2EventKind.GoAwayReceived:
                more = $"{item.LastStreamId} {item.Error}";
                break;
            default:
                break;
        }

        Append(string.Create(CultureInfo.InvariantCulture, $"{item.Kind} {item.StreamId} {more}"));
    }

    private void Append(string line) => _told.Append(line.Replace('\n', ' ')).Append('\n');

    private static string Text(HeaderList list)
    {
        StringBuilder text = new(list.IsTooLarge ? "too large " : "");
        foreach (ref readonly HeaderField field in list.Fields)
        {
            text.Append(Convert.ToHexString(field.Name)).Append('=').Append(Convert.ToHexString(field.Value)).Append(',');
        }

        return text.ToString();
    }
}
