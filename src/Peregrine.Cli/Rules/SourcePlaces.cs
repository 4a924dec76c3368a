// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Peregrine.Protobuf.Reflection;
using Location = Peregrine.Protobuf.Reflection.SourceCodeInfo.Types.Location;

namespace Peregrine.Cli.Rules;

/// <summary>
/// Where the parts of files are written: their <c>SourceCodeInfo</c>, by the paths that descriptor.proto explains, as texts ("4,0,2,1").
/// </summary>
internal sealed class SourcePlaces
{
    /// <summary>The syntax or edition of a file.</summary>
    public const string Syntax = "12";

    /// <summary>The package of a file.</summary>
    public const string Package = "2";

    /// <summary>The name of any element, within it.</summary>
    public const string Name = ",1";

    private readonly Dictionary<string, FileDescriptorProto> _files;
    private readonly Dictionary<string, Dictionary<string, Location>> _maps = new(StringComparer.Ordinal);

    /// <summary>Makes it; a file's places are sorted when the first of them is asked for.</summary>
    public SourcePlaces(IEnumerable<FileDescriptorProto> files) =>
        _files = files.DistinctBy(file => file.Name).ToDictionary(file => file.Name, StringComparer.Ordinal);

    /// <summary>The path of an import.</summary>
    public static string Import(int index) => string.Create(CultureInfo.InvariantCulture, $"3,{index}");

    /// <summary>The path of an option of a file.</summary>
    public static string FileOption(int number) => string.Create(CultureInfo.InvariantCulture, $"8,{number}");

    /// <summary>The path of an element.</summary>
    public static string PathOf(DescriptorBase element) => element switch
    {
        MessageDescriptor { ContainingType: null } => Step("4", element),
        MessageDescriptor { ContainingType: { } outer } => Step(PathOf(outer) + ",3", element),
        EnumDescriptor { ContainingType: null } => Step("5", element),
        EnumDescriptor { ContainingType: { } outer } => Step(PathOf(outer) + ",4", element),
        EnumValueDescriptor value => Step(PathOf(value.EnumDescriptor) + ",2", element),
        ServiceDescriptor => Step("6", element),
        MethodDescriptor method => Step(PathOf(method.Service) + ",2", element),
        OneofDescriptor oneof => Step(PathOf(oneof.ContainingType) + ",8", element),
        FieldDescriptor { IsExtension: true, ContainingType: null } => Step("7", element),
        FieldDescriptor { IsExtension: true, ContainingType: { } scope } => Step(PathOf(scope) + ",6", element),
        FieldDescriptor field => Step(PathOf(field.ContainingType) + ",2", element),
        _ => throw new ArgumentException($"{element.FullName} has no path."),
    };

    /// <summary>A file as its descriptor has it; not to be changed.</summary>
    public FileDescriptorProto ProtoOf(FileDescriptor file) => _files[file.Name];

    /// <summary>Where something is written; null if that is not known, or nothing is written there.</summary>
    public Location? Find(FileDescriptor file, string path) => MapOf(file.Name).GetValueOrDefault(path);

    /// <summary>The comments before something and before what it lies in.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">The path of the innermost.</param>
    public IEnumerable<string> CommentsAround(FileDescriptor file, string path)
    {
        var map = MapOf(file.Name);
        var steps = path.Split(',');
        for (var length = 2; length < steps.Length; length += 2)
        {
            if (map.TryGetValue(string.Join(',', steps[..length]), out var around))
            {
                yield return around.LeadingComments;
            }
        }

        if (map.TryGetValue(path, out var place))
        {
            yield return place.LeadingComments;
        }
    }

    private static string Step(string path, DescriptorBase element) => string.Create(CultureInfo.InvariantCulture, $"{path},{element.Index}");

    private Dictionary<string, Location> MapOf(string file)
    {
        if (!_maps.TryGetValue(file, out var map))
        {
            map = new Dictionary<string, Location>(StringComparer.Ordinal);
            foreach (var location in _files.GetValueOrDefault(file)?.SourceCodeInfo?.Location ?? [])
            {
                if (location.Span.Count is 3 or 4)
                {
                    map.TryAdd(string.Join(',', location.Path), location);
                }
            }

            _maps[file] = map;
        }

        return map;
    }
}
