// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Mock;

/// <summary>Follows a path through a request by the schema alone: whether it leads anywhere, and to what kind of value.</summary>
internal sealed class RequestPath
{
    private readonly List<string> _steps = [];

    // Where the path has come to: a message, a list or map of a field, or (with none of these) a scalar or JSON of which nothing is known.
    private MessageDescriptor? _message;
    private FieldDescriptor? _collection;
    private MessageDescriptor? _elements;
    private FieldType? _scalar;
    private bool _isFree;
    private string _where = "request";

    /// <summary>Begins at the request, or at the list of all.</summary>
    public RequestPath(MessageDescriptor input, bool isList)
    {
        if (isList)
        {
            (_elements, _where) = (input, "requests");
        }
        else
        {
            Enter(input);
        }
    }

    /// <summary>The path with the names that JSON has.</summary>
    public IReadOnlyList<string> Steps => _steps;

    /// <summary>A value of the kind that it leads to; null when nothing is known of it.</summary>
    public JsonNode? Sample => _message is not null ? new JsonObject()
        : _elements is not null || _collection is { IsMap: false } ? new JsonArray()
        : _collection is not null ? new JsonObject()
        : _scalar switch
        {
            FieldType.Bool => JsonValue.Create(false),
            null or FieldType.String or FieldType.Bytes or FieldType.Enum => null,
            _ => JsonValue.Create(0),
        };

    /// <summary>Goes on by a name, a key or an index.</summary>
    /// <returns>Null; or why it does not go on.</returns>
    public string? Enter(string step)
    {
        var before = _where;
        _where = $"{_where}.{step}";
        if (_isFree)
        {
            _steps.Add(step);
            return null;
        }

        if (_message is { } message)
        {
            if (JsonForms.FindField(message, step) is not { } field)
            {
                var near = NearNames.Of(step, message.Fields.InDeclarationOrder().Select(each => each.Name));
                return $"{message.FullName} has no field \"{step}\"." + (near.Count > 0 ? $" Did you mean {NearNames.Join(near)}?" : "");
            }

            _steps.Add(field.JsonName);
            (_message, _collection) = (null, field.IsRepeated ? field : null);
            if (!field.IsRepeated)
            {
                EnterValue(field);
            }

            return null;
        }

        if (_elements is null && _collection is null)
        {
            return $"{before} is a single value and has no part \"{step}\".";
        }

        if (_collection is not { IsMap: true } && !int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return $"{before} is a list: say which element, such as {before}[0].";
        }

        _steps.Add(step);
        var (elements, collection) = (_elements, _collection);
        (_elements, _collection) = (null, null);
        if (elements is not null)
        {
            Enter(elements);
        }
        else
        {
            EnterValue(collection!.IsMap ? collection.MessageType.FindFieldByNumber(2)! : collection);
        }

        return null;
    }

    private void EnterValue(FieldDescriptor field)
    {
        if (field.FieldType is FieldType.Message or FieldType.Group)
        {
            Enter(field.MessageType);
        }
        else
        {
            _scalar = field.FieldType;
        }
    }

    private void Enter(MessageDescriptor type)
    {
        _isFree = JsonForms.IsFree(type) || JsonForms.IsAny(type);
        _message = _isFree || JsonForms.IsScalar(type) ? null : type;
    }
}
