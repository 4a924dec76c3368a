// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Mock;

/// <summary>What a mock serves at a moment: services, methods, rules. Immutable, but for the counts of rules.</summary>
internal sealed class MockState
{
    private readonly Dictionary<string, MockMethod> _methods;

    private MockState(LocalSchema schema, IReadOnlyList<ServiceDescriptor> services, AnswerTypes types, Dictionary<string, MockMethod> methods, FileStamps stamps)
    {
        Schema = schema;
        Services = services;
        Types = types;
        Stamps = stamps;
        _methods = methods;
    }

    /// <summary>The schema.</summary>
    public LocalSchema Schema { get; }

    /// <summary>The services of the schema, in order.</summary>
    public IReadOnlyList<ServiceDescriptor> Services { get; }

    /// <summary>The schema as answers need it.</summary>
    public AnswerTypes Types { get; }

    /// <summary>The files of the schema, imports included, as they were before they were read.</summary>
    public FileStamps Stamps { get; }

    /// <summary>The methods.</summary>
    public IReadOnlyCollection<MockMethod> Methods => _methods.Values;

    /// <summary>How many rules there are; one that is for several methods counts for each.</summary>
    public int RuleCount => _methods.Values.Sum(method => method.Rules.Count);

    /// <summary>Reads the files.</summary>
    /// <param name="settings">Which.</param>
    /// <param name="known">What was read before: its schema is used again if its files are the same.</param>
    /// <exception cref="ToolException">A file cannot be read or has errors, or there is no service.</exception>
    public static MockState Load(ServeSettings settings, MockState? known = null)
    {
        var (schema, stamps) = known is not null && known.Stamps.Equals(known.Stamps.Again()) ? (known.Schema, known.Stamps) : Read(settings);
        var names = schema.ListServicesAsync(CancellationToken.None).GetAwaiter().GetResult();
        IReadOnlyList<ServiceDescriptor> services = known?.Schema == schema ? known.Services : [.. names.Select(name => schema.Pool.FindService(name)!)];
        if (services.Count == 0)
        {
            throw new ToolException($"There is no service in {schema.Origin}.");
        }

        var types = known?.Schema == schema ? known.Types : new AnswerTypes(schema);
        List<MethodDescriptor> methods = [.. services.SelectMany(service => service.Methods)];
        var rules = settings.AnswersPath is { } path ? new AnswersReader(path, types).Read(methods) : new Dictionary<MethodDescriptor, IReadOnlyList<AnswerRule>>();
        return new MockState(schema, services, types, methods.ToDictionary(PathOf, method => new MockMethod(method, rules.GetValueOrDefault(method, []), types, settings.Echoes)), stamps);
    }

    /// <summary>The method of a path, <c>/package.Service/Method</c>; null when there is none.</summary>
    public MockMethod? Find(string path) => _methods.GetValueOrDefault(path);

    private static (LocalSchema Schema, FileStamps Stamps) Read(ServeSettings settings)
    {
        var start = DateTime.UtcNow;
        var stamps = FileStamps.Of(settings.SchemaPaths);
        var schema = settings.OpenSchema();
        return (schema, stamps.WithRead(schema.Files, start));
    }

    private static string PathOf(MethodDescriptor method) => $"/{method.Service.FullName}/{method.Name}";
}
