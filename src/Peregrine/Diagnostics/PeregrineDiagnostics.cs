// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Diagnostics;

/// <summary>The names under which this library can be observed.</summary>
/// <example>
/// <code>
/// using var traces = Sdk.CreateTracerProviderBuilder().AddSource(PeregrineDiagnostics.ActivitySourceName).AddOtlpExporter().Build();
/// using var metrics = Sdk.CreateMeterProviderBuilder().AddMeter(PeregrineDiagnostics.MeterName).AddOtlpExporter().Build();
/// </code>
/// </example>
public static class PeregrineDiagnostics
{
    /// <summary>The <see cref="System.Diagnostics.ActivitySource"/> of calls: one activity for each, of kind Client and of kind Server.</summary>
    public const string ActivitySourceName = "Peregrine";

    /// <summary>The <see cref="System.Diagnostics.Metrics.Meter"/> with the instruments of gRFC A66.</summary>
    public const string MeterName = "Peregrine";

    internal static readonly string Version = typeof(PeregrineDiagnostics).Assembly.GetName().Version?.ToString(3) ?? "0";
}
