// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Syntax;

/// <summary>Parses the names of types: scalars, maps, and dotted names. A false answer has been reported.</summary>
internal sealed class TypeParser(TokenCursor cursor)
{
    /// <summary>Whether the file is of edition UNSTABLE, which gives integers other names.</summary>
    public bool IsUnstable { get; set; }

    public bool Parse(TypeSyntax type, bool allowMap)
    {
        type.First = cursor.Position;
        type.Last = cursor.Position;
        FieldKind kind = IsUnstable ? FieldKinds.FromUnstableKeyword(cursor.Bytes) : FieldKinds.FromKeyword(cursor.Bytes);
        if (kind != FieldKind.Unresolved)
        {
            type.Scalar = kind;
            cursor.Next();
            return true;
        }

        if (allowMap && cursor.TryTake("map"u8))
        {
            if (!cursor.At("<"u8))
            {
                // A message or an enum may be called "map".
                type.Name = "map";
                type.HasName = true;
                return true;
            }

            cursor.Next();
            type.MapKey = new TypeSyntax();
            type.MapValue = new TypeSyntax();
            bool ok = Parse(type.MapKey, allowMap: false) && cursor.Take(","u8) && Parse(type.MapValue, allowMap: false) && cursor.Take(">"u8);
            type.Last = cursor.Previous;
            return ok;
        }

        return ParseNamedType(type);
    }

    /// <summary>Where only a message can stand: a scalar's name is reported and taken.</summary>
    public bool ParseMessage(TypeSyntax type)
    {
        type.First = cursor.Position;
        type.Last = cursor.Position;
        if (FieldKinds.FromKeyword(cursor.Bytes) == FieldKind.Unresolved)
        {
            return ParseNamedType(type);
        }

        cursor.Expected("a message type", "Scalar types cannot stand here; wrap the value in a message.");
        type.Name = cursor.Text;
        cursor.Next();
        return true;
    }

    private bool ParseNamedType(TypeSyntax type)
    {
        int first = cursor.Position;
        type.HasName = cursor.At("."u8) || cursor.Kind == TokenKind.Identifier;
        bool isAbsolute = cursor.TryTake("."u8);
        do
        {
            if (!cursor.TakeIdentifier(cursor.Position == first || isAbsolute ? "a type" : "the next part of the type's name"))
            {
                type.Last = cursor.Previous;
                return false;
            }

            isAbsolute = false;
        }
        while (cursor.TryTake("."u8));

        type.Name = cursor.JoinedText(first);
        type.Last = cursor.Previous;
        return true;
    }
}
