// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Peregrine.Services.HealthCheck;

/// <summary>
/// The service <c>grpc.health.v1.Health</c>: tells clients, load balancers and orchestrators whether services can take calls. The program sets the
/// statuses. Thread-safe.
/// </summary>
/// <remarks>
/// At first the server as a whole, whose name is the empty string, is SERVING, and no service is known. Added to a server by
/// <see cref="GrpcServerServices.AddHealthService(GrpcServer, HealthServiceImpl)"/>, everything becomes NOT_SERVING when the server begins to stop.
/// </remarks>
/// <example>
/// <code>
/// HealthServiceImpl health = server.AddHealthService();
/// health.SetStatus("package.Service", HealthCheckResponse.Types.ServingStatus.NotServing);
/// </code>
/// </example>
public class HealthServiceImpl : Health.HealthBase
{
    // The limit that the interface's definition sets for List.
    private const int MostListed = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ServingStatus> _statuses = new(StringComparer.Ordinal) { [""] = ServingStatus.Serving };
    private readonly Dictionary<string, List<HealthWatcher>> _watchers = new(StringComparer.Ordinal);
    private bool _isShutDown;
    private bool _hasEnded;

    /// <summary>Sets the status of a service and tells those who watch it. Without effect between <see cref="Shutdown"/> and <see cref="Resume"/>.</summary>
    /// <param name="service">The service's full name, such as <c>package.Service</c>; empty for the server as a whole.</param>
    /// <param name="status">The status.</param>
    public void SetStatus(string service, ServingStatus status)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_lock)
        {
            if (!_isShutDown)
            {
                SetLocked(service, status);
            }
        }
    }

    /// <summary>Forgets a service: Check says NOT_FOUND, and those who watch it are told SERVICE_UNKNOWN.</summary>
    /// <param name="service">The service's full name; empty for the server as a whole.</param>
    public void ClearStatus(string service)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_lock)
        {
            ClearLocked(service);
        }
    }

    /// <summary>Forgets all services, the server as a whole included.</summary>
    public void ClearAll()
    {
        lock (_lock)
        {
            foreach (var service in (string[])[.. _statuses.Keys])
            {
                ClearLocked(service);
            }
        }
    }

    /// <summary>Sets every known service to NOT_SERVING, tells those who watch, and refuses other statuses until <see cref="Resume"/>.</summary>
    public void Shutdown()
    {
        lock (_lock)
        {
            _isShutDown = true;
            SetAllLocked(ServingStatus.NotServing);
        }
    }

    /// <summary>Sets every known service to SERVING and takes statuses again.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            _isShutDown = false;
            SetAllLocked(ServingStatus.Serving);
        }
    }

    /// <inheritdoc/>
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_lock)
        {
            return _statuses.TryGetValue(request.Service, out var status)
                ? Task.FromResult(new HealthCheckResponse { Status = status })
                : Task.FromException<HealthCheckResponse>(
                    new RpcException(new Status(StatusCode.NotFound, $"The health of the service '{request.Service}' is not known to this server.")));
        }
    }

    /// <inheritdoc/>
    public override Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        lock (_lock)
        {
            if (_statuses.Count > MostListed)
            {
                return Task.FromException<HealthListResponse>(new RpcException(new Status(
                    StatusCode.ResourceExhausted, $"The server knows {_statuses.Count} services; List returns at most {MostListed}. Ask for each by Check.")));
            }

            var response = new HealthListResponse();
            foreach (var (service, status) in _statuses)
            {
                response.Statuses.Add(service, new HealthCheckResponse { Status = status });
            }

            return Task.FromResult(response);
        }
    }

    /// <inheritdoc/>
    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(responseStream);
        ArgumentNullException.ThrowIfNull(context);
        var watcher = Enter(request.Service);
        try
        {
            while (await watcher.NextAsync(context.CancellationToken).ConfigureAwait(false) is { } status)
            {
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }).ConfigureAwait(false);
            }
        }
        finally
        {
            Leave(request.Service, watcher);
        }

        throw new RpcException(new Status(StatusCode.Unavailable, "The server is shutting down."));
    }

    /// <summary>The server stops for good: as <see cref="Shutdown"/>, and the calls that watch end, so that nobody waits for them.</summary>
    internal void End()
    {
        lock (_lock)
        {
            _isShutDown = true;
            SetAllLocked(ServingStatus.NotServing);
            _hasEnded = true;
            foreach (var watchers in _watchers.Values)
            {
                watchers.ForEach(watcher => watcher.End());
            }
        }
    }

    private void SetAllLocked(ServingStatus status)
    {
        foreach (var service in (string[])[.. _statuses.Keys])
        {
            SetLocked(service, status);
        }
    }

    private void SetLocked(string service, ServingStatus status)
    {
        _statuses[service] = status;
        Tell(service, status);
    }

    private void ClearLocked(string service)
    {
        if (_statuses.Remove(service))
        {
            Tell(service, ServingStatus.ServiceUnknown);
        }
    }

    private void Tell(string service, ServingStatus status)
    {
        if (_watchers.TryGetValue(service, out var watchers))
        {
            watchers.ForEach(watcher => watcher.Tell(status));
        }
    }

    private HealthWatcher Enter(string service)
    {
        lock (_lock)
        {
            var watcher = new HealthWatcher(_statuses.GetValueOrDefault(service, ServingStatus.ServiceUnknown));
            if (_hasEnded)
            {
                watcher.End();
            }

            if (!_watchers.TryGetValue(service, out var watchers))
            {
                _watchers.Add(service, watchers = []);
            }

            watchers.Add(watcher);
            return watcher;
        }
    }

    private void Leave(string service, HealthWatcher watcher)
    {
        lock (_lock)
        {
            // Names that nobody watches are forgotten: clients choose them.
            var watchers = _watchers[service];
            _ = watchers.Remove(watcher);
            if (watchers.Count == 0)
            {
                _ = _watchers.Remove(service);
            }
        }
    }
}
