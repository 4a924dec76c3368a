// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Text;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Text;

/// <summary>Puts names and values on lines of their own, two blanks for each level, or all on one line with blanks between.</summary>
internal sealed class TextLayout(IBufferWriter<byte> output, bool isSingleLine)
{
    private int _level;
    private bool _isFirst = true;

    /// <summary>Writes a field with its value.</summary>
    public void Scalar(string name, string value)
    {
        StartLine();
        Put(name);
        Put(": ");
        Put(value);
    }

    /// <summary>Writes the start of a message.</summary>
    /// <exception cref="InvalidOperationException">It is nested too deep.</exception>
    public void Open(string name)
    {
        if (_level >= TextFormatter.MaxDepth)
        {
            throw new InvalidOperationException($"The message has no text form: \"{name}\" in it is nested more than {TextFormatter.MaxDepth} deep.");
        }

        MessageNesting.Check();
        StartLine();
        Put(name);
        Put(" {");
        _level++;
    }

    /// <summary>Writes the end of a message.</summary>
    public void Close()
    {
        _level--;
        StartLine();
        Put("}");
    }

    /// <summary>Ends the last line; one line alone is not ended.</summary>
    public void Finish()
    {
        if (!isSingleLine && !_isFirst)
        {
            Put("\n");
        }
    }

    private void StartLine()
    {
        if (!_isFirst)
        {
            Put(isSingleLine ? " " : "\n");
        }

        _isFirst = false;
        if (!isSingleLine)
        {
            int blanks = _level * 2;
            output.GetSpan(blanks)[..blanks].Fill((byte)' ');
            output.Advance(blanks);
        }
    }

    private void Put(string text) => Encoding.UTF8.GetBytes(text.AsSpan(), output);
}
