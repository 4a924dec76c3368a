// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Reflection;

namespace Peregrine;

/// <summary>
/// A service with its handlers, ready to be added to a server. Immutable; made by a generated <c>BindService</c> or by hand
/// with <see cref="CreateBuilder"/>.
/// </summary>
public class ServerServiceDefinition
{
    private readonly IReadOnlyList<Action<ServiceBinderBase>> _addMethods;
    private readonly Func<ServiceDescriptor>? _descriptor;

    internal ServerServiceDefinition(IReadOnlyList<Action<ServiceBinderBase>> addMethods, Func<ServiceDescriptor>? descriptor)
    {
        _addMethods = addMethods;
        _descriptor = descriptor;
    }

    /// <summary>
    /// What the service's .proto file says of it, which server reflection shows; null when nobody said, as in services written by hand without
    /// <see cref="Builder.WithDescriptor"/>.
    /// </summary>
    public ServiceDescriptor? Descriptor => _descriptor?.Invoke();

    /// <summary>Starts a definition.</summary>
    /// <returns>An empty builder.</returns>
    public static Builder CreateBuilder() => new();

    /// <summary>Adds every method of this service, in the order of its definition, to a binder.</summary>
    /// <param name="serviceBinder">Takes the methods.</param>
    /// <exception cref="ArgumentNullException"><paramref name="serviceBinder"/> is null.</exception>
    public void BindService(ServiceBinderBase serviceBinder)
    {
        ArgumentNullException.ThrowIfNull(serviceBinder);
        foreach (var add in _addMethods)
        {
            add(serviceBinder);
        }
    }

    /// <summary>The same service, with other handlers.</summary>
    internal ServerServiceDefinition With(Action<ServiceBinderBase> addMethods) => new([addMethods], _descriptor);

    /// <summary>Collects the methods of a service.</summary>
    public class Builder
    {
        private readonly List<Action<ServiceBinderBase>> _addMethods = [];
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);
        private Func<ServiceDescriptor>? _descriptor;

        /// <summary>Makes an empty builder.</summary>
        public Builder()
        {
        }

        /// <summary>Adds a unary method.</summary>
        /// <typeparam name="TRequest">The request message.</typeparam>
        /// <typeparam name="TResponse">The response message.</typeparam>
        /// <param name="method">The method.</param>
        /// <param name="handler">Its handler.</param>
        /// <returns>This builder.</returns>
        /// <exception cref="ArgumentException">The method was added before.</exception>
        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class =>
            Add(method, handler, binder => binder.AddMethod(method, handler));

        /// <summary>Adds a client-streaming method.</summary>
        /// <typeparam name="TRequest">The request message.</typeparam>
        /// <typeparam name="TResponse">The response message.</typeparam>
        /// <param name="method">The method.</param>
        /// <param name="handler">Its handler.</param>
        /// <returns>This builder.</returns>
        /// <exception cref="ArgumentException">The method was added before.</exception>
        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class =>
            Add(method, handler, binder => binder.AddMethod(method, handler));

        /// <summary>Adds a server-streaming method.</summary>
        /// <typeparam name="TRequest">The request message.</typeparam>
        /// <typeparam name="TResponse">The response message.</typeparam>
        /// <param name="method">The method.</param>
        /// <param name="handler">Its handler.</param>
        /// <returns>This builder.</returns>
        /// <exception cref="ArgumentException">The method was added before.</exception>
        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class =>
            Add(method, handler, binder => binder.AddMethod(method, handler));

        /// <summary>Adds a method that streams in both directions.</summary>
        /// <typeparam name="TRequest">The request message.</typeparam>
        /// <typeparam name="TResponse">The response message.</typeparam>
        /// <param name="method">The method.</param>
        /// <param name="handler">Its handler.</param>
        /// <returns>This builder.</returns>
        /// <exception cref="ArgumentException">The method was added before.</exception>
        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class =>
            Add(method, handler, binder => binder.AddMethod(method, handler));

        /// <summary>Says what describes the service; generated code does.</summary>
        /// <param name="descriptor">Gives the descriptor. Called whenever somebody asks for it, not before: descriptors are built on first use.</param>
        /// <returns>This builder.</returns>
        public Builder WithDescriptor(Func<ServiceDescriptor> descriptor)
        {
            ArgumentNullException.ThrowIfNull(descriptor);
            _descriptor = descriptor;
            return this;
        }

        /// <summary>Ends the definition. The builder may go on afterwards without changing what it built.</summary>
        /// <returns>The service.</returns>
        public ServerServiceDefinition Build() => new(_addMethods.ToArray(), _descriptor);

        private Builder Add(IMethod method, Delegate handler, Action<ServiceBinderBase> add)
        {
            ArgumentNullException.ThrowIfNull(method);
            ArgumentNullException.ThrowIfNull(handler);
            if (!_names.Add(method.FullName))
            {
                throw new ArgumentException($"The method {method.FullName} was added to this service before.", nameof(method));
            }

            _addMethods.Add(add);
            return this;
        }
    }
}
