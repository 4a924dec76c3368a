// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Dynamic;

/// <summary>Gives out the places of the fields of one message type.</summary>
internal sealed class DynamicLayout(MessageDescriptor message)
{
    private const int BitsPerWord = 64;

    private readonly Dictionary<OneofDescriptor, int> _caseWords = [];
    private int _freeBits;
    private int _bitsWord;

    public MessageDescriptor Message { get; } = message;

    public int WordCount { get; private set; }

    public int ObjectCount { get; private set; }

    public int AddWord() => WordCount++;

    public int AddObject() => ObjectCount++;

    /// <summary>A bit that tells whether a number with presence is set.</summary>
    public (int Word, ulong Mask) AddPresence()
    {
        if (_freeBits == 0)
        {
            _bitsWord = AddWord();
            _freeBits = BitsPerWord;
        }

        return (_bitsWord, 1UL << --_freeBits);
    }

    /// <summary>The word that holds the number of the field that is set in a oneof; -1 for a field in none.</summary>
    public int CaseWordOf(FieldDescriptor field)
    {
        if (field.RealContainingOneof is not { } oneof)
        {
            return -1;
        }

        if (!_caseWords.TryGetValue(oneof, out int word))
        {
            word = AddWord();
            _caseWords.Add(oneof, word);
        }

        return word;
    }
}
