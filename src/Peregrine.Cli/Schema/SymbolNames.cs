// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Linq;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Schema;

/// <summary>The full names of what files declare, for suggestions.</summary>
internal static class SymbolNames
{
    /// <summary>Services, methods, messages, fields, enums and extensions.</summary>
    public static IEnumerable<string> Of(IEnumerable<FileDescriptor> files)
    {
        foreach (var file in files)
        {
            var services = file.Services.SelectMany(service => service.Methods.Select(method => method.FullName).Prepend(service.FullName));
            var others = file.EnumTypes.Select(each => each.FullName).Concat(file.Extensions.UnorderedExtensions.Select(each => each.FullName));
            foreach (var name in services.Concat(others).Concat(file.MessageTypes.SelectMany(Of)))
            {
                yield return name;
            }
        }
    }

    private static IEnumerable<string> Of(MessageDescriptor message) =>
        message.IsMapEntry ? [] : message.Fields.InDeclarationOrder().Select(field => field.FullName)
            .Concat(message.EnumTypes.Select(each => each.FullName))
            .Concat(message.NestedTypes.SelectMany(Of))
            .Prepend(message.FullName);
}
