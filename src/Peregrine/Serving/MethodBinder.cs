// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Peregrine.Interceptors;

namespace Peregrine.Serving;

/// <summary>Takes the methods of one service into the dictionary of a <see cref="MethodTable"/> to be, each composed ready for calls.</summary>
internal sealed class MethodBinder(Dictionary<byte[], ServerMethod> methods, MethodComposition composition) : ServiceBinderBase
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The methods of all services, with those that were added.</summary>
    public Dictionary<byte[], ServerMethod> Methods => methods;

    /// <summary>The methods that were added.</summary>
    public List<ServerMethod> Added { get; } = [];

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var composed = ServerInterceptorChain.Compose(composition.InterceptorsOf(method), Required(method, handler));
        Add(method, (typed, settings) => new UnaryShell<TRequest, TResponse>(typed, settings, composed));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var composed = ServerInterceptorChain.Compose(composition.InterceptorsOf(method), Required(method, handler));
        Add(method, (typed, settings) => new ClientStreamingShell<TRequest, TResponse>(typed, settings, composed));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var composed = ServerInterceptorChain.Compose(composition.InterceptorsOf(method), Required(method, handler));
        Add(method, (typed, settings) => new ServerStreamingShell<TRequest, TResponse>(typed, settings, composed));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var composed = ServerInterceptorChain.Compose(composition.InterceptorsOf(method), Required(method, handler));
        Add(method, (typed, settings) => new DuplexStreamingShell<TRequest, TResponse>(typed, settings, composed));
    }

    /// <summary>All methods are there: those that have options must be among them.</summary>
    /// <exception cref="ArgumentException">One is not.</exception>
    public void CheckOptions()
    {
        if (composition.Options?.Methods.Keys.FirstOrDefault(name => !_names.Contains(name)) is { } unknown)
        {
            throw new ArgumentException(
                $"Options were given for the method '{unknown}', which the service does not have; it has {string.Join(", ", _names)}.");
        }
    }

    private static THandler Required<THandler>(IMethod method, THandler? handler)
        where THandler : class =>
        handler ?? throw new ArgumentException($"The method {method.FullName} has no handler.");

    private void Add<TRequest, TResponse>(
        Method<TRequest, TResponse> method, Func<Method<TRequest, TResponse>, MethodSettings, ServerMethod> make)
        where TRequest : class
        where TResponse : class
    {
        var settings = composition.SettingsOf(method);
        var added = make(method, settings.InFormat(method.ContentSubtype));
        foreach (var format in composition.Formats)
        {
            if (format.Apply(method) is { } formatted && added.InFormat(Encoding.ASCII.GetBytes(format.ContentSubtype)) is null)
            {
                added.AddFormat(make(formatted, settings.InFormat(format.ContentSubtype)));
            }
        }

        if (!methods.TryAdd(added.PathOctets, added))
        {
            throw new ArgumentException($"The server has a method {added.Path} already; each path can be served once.");
        }

        _ = _names.Add(method.Name);
        Added.Add(added);
    }
}
