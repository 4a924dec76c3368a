// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Health.V1;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf.Reflection;
using Peregrine.Services;
using Peregrine.Services.HealthCheck;

namespace Peregrine.Cli.Mock;

/// <summary>A server of services that nobody has written: it answers by rules. Reflection and health are on. Thread-safe.</summary>
internal sealed class MockServer : IAsyncDisposable
{
    private const string HealthName = "grpc.health.v1.Health";
    private const string ReflectionPackage = "grpc.reflection.";

    private readonly ServeSettings _settings;
    private readonly ServeOutput _output;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly TerminalLog _log;
    private readonly GrpcServer _server;
    private readonly HealthServiceImpl? _health;
    private List<ServerServiceDefinition> _served = [];
    private List<ServerServiceDefinition> _reflection = [];
    private volatile MockState _state;
    private long _calls;

    /// <summary>Makes one that does not listen yet.</summary>
    /// <param name="settings">How it serves.</param>
    /// <param name="state">What it serves first.</param>
    /// <param name="output">Tells of its calls.</param>
    /// <param name="terminal">Where warnings go.</param>
    /// <param name="time">The clock of delays.</param>
    public MockServer(ServeSettings settings, MockState state, ServeOutput output, Terminal terminal, TimeProvider time)
    {
        (_settings, _state, _output, _time) = (settings, state, output, time);
        _random = settings.Seed is { } seed ? new SeededRandom(seed) : Random.Shared;
        _log = new TerminalLog(terminal);
        _server = new GrpcServer(new GrpcServerOptions
        {
            LoggerFactory = _log,
            MaxReceiveMessageSize = settings.MaxMessageSize,

            // Tells of methods that are near.
            UnknownMethodHandler = AnswerAsync,
        });

        // Who gives a .proto file of health wants to answer for it.
        _health = state.Services.Any(service => service.FullName == HealthName) ? null : _server.AddHealthService();
        ServeServices(state);
    }

    /// <summary>How many calls there were, but for those of reflection and health.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Listens on all addresses.</summary>
    /// <returns>The addresses with the ports that the system chose.</returns>
    /// <exception cref="ToolException">An address cannot be read.</exception>
    /// <exception cref="System.IO.IOException">An address cannot be listened on.</exception>
    public async Task<IReadOnlyList<string>> ListenAsync()
    {
        List<string> addresses = [];
        foreach (var address in _settings.Addresses)
        {
            try
            {
                var port = await _server.ListenAsync(address, _settings.Credentials).ConfigureAwait(false);
                addresses.Add(port == 0 ? address : string.Create(CultureInfo.InvariantCulture, $"{address[..address.LastIndexOf(':')]}:{port}"));
            }
            catch (ArgumentException exception)
            {
                throw new ToolException(exception.Message.Split(" (Parameter ")[0], ExitCode.Usage);
            }
        }

        return addresses;
    }

    /// <summary>Serves something else from now on. Calls that run end as they began; none is refused on the way.</summary>
    public void Change(MockState state)
    {
        var before = _state;
        _state = state;
        if (before.Schema == state.Schema)
        {
            return;
        }

        foreach (var service in before.Services)
        {
            _health?.ClearStatus(service.FullName);
        }

        ServeServices(state);
    }

    /// <summary>Stops: takes no new calls, lets those that run end within the time that the settings give.</summary>
    public Task StopAsync() => _server.ShutdownAsync(_settings.Drain);

    /// <summary>Stops at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync().ConfigureAwait(false);
        _log.Dispose();
    }

    // At one moment. Reflection stays where it is and follows, unless the user's files have one of their own.
    private void ServeServices(MockState state)
    {
        List<ServerServiceDefinition> added = [.. state.Services.Where(service => _health is null || service.FullName != HealthName).Select(Define)];
        var hasOwnReflection = state.Services.Any(service => service.FullName.StartsWith(ReflectionPackage, StringComparison.Ordinal));
        _server.ReplaceServices(hasOwnReflection ? [.. _served, .. _reflection] : _served, added);
        (_served, _reflection) = (added, hasOwnReflection ? [] : _reflection);
        if (!hasOwnReflection && _reflection.Count == 0)
        {
            var others = _server.Services.ToHashSet();
            _ = _server.AddReflectionService(Files());
            _reflection = [.. _server.Services.Where(service => !others.Contains(service))];
        }

        foreach (var service in state.Services)
        {
            _health?.SetStatus(service.FullName, HealthCheckResponse.Types.ServingStatus.Serving);
        }
    }

    // Those of the moment at which they are asked for.
    private IEnumerable<FileDescriptor> Files()
    {
        foreach (var file in _state.Schema.Pool.Files)
        {
            yield return file;
        }
    }

    // Each method is served as bytes both ways, whatever its kind: on the wire all are the same, and the handler knows the kind.
    private ServerServiceDefinition Define(ServiceDescriptor service)
    {
        var builder = ServerServiceDefinition.CreateBuilder().WithDescriptor(() => service);
        foreach (var method in service.Methods)
        {
            _ = builder.AddMethod(
                new Method<byte[], byte[]>(MethodType.DuplexStreaming, service.FullName, method.Name, Marshallers.BytesMarshaller, Marshallers.BytesMarshaller), AnswerAsync);
        }

        return builder.Build();
    }

    private async Task AnswerAsync(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> responses, ServerCallContext context)
    {
        var call = new CallRecord(Interlocked.Increment(ref _calls), context.Method.TrimStart('/'), context.Peer);
        var started = _time.GetTimestamp();
        try
        {
            _output.Begin(call, context.RequestHeaders);
            await new CallAnswer(Find(context), requests, responses, context, call, _output, _random, _time).RunAsync().ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            call.Status = exception.Status;
            throw;
        }
        catch (OperationCanceledException)
        {
            call.Status = new Status(context.CancellationReason == CancellationReason.Deadline ? StatusCode.DeadlineExceeded : StatusCode.Cancelled, "");
            throw;
        }
        catch (Exception)
        {
            // A mistake of this server: the client gets the same.
            call.Status = new Status(StatusCode.Unknown, "Exception was thrown by handler.");
            throw;
        }
        finally
        {
            call.Duration = _time.GetElapsedTime(started);
            _output.End(call);
        }
    }

    private MockMethod Find(ServerCallContext context)
    {
        var state = _state;
        if (state.Find(context.Method) is not { } method)
        {
            var near = NearNames.Of(context.Method.TrimStart('/'), state.Methods.Select(each => each.Name));
            throw new RpcException(new Status(
                StatusCode.Unimplemented, $"This mock server has no method {context.Method}.{(near.Count > 0 ? $" Did you mean {NearNames.Join(near)}?" : "")}"));
        }

        return context.ContentSubtype is { } format
            ? throw new RpcException(new Status(StatusCode.Unimplemented, $"This mock server takes protobuf's binary messages only, not {format}."))
            : method;
    }
}
