// SPDX-License-Identifier: Apache-2.0
using Plot;

// usage: Plot GROWTH.csv FOLDER
// Draws two plots for each thing that grows, calls a second and CPU time of a call, as SVG into the folder. The file comes from
// bench/run.sh growth --results=FOLDER.
if (args.Length != 2)
{
    await Console.Error.WriteLineAsync("usage: Plot GROWTH.csv FOLDER");
    return 2;
}

Point[] points = [.. (await File.ReadAllLinesAsync(args[0])).Skip(1).Select(Point.Parse)];
Dictionary<string, (string Name, string Setting)> axes = new()
{
    ["connections"] = ("connections", "16 B, 100 calls in flight"),
    ["streams"] = ("calls in flight", "16 B, on one connection"),
    ["headers"] = ("entries of metadata", "16 B, 50 calls in flight"),
    ["size"] = ("octets of a message", "8 calls in flight"),
};
foreach (IGrouping<string, Point> dimension in points.GroupBy(point => point.Dimension))
{
    (string name, string setting) = axes.GetValueOrDefault(dimension.Key, (dimension.Key, "growth"));
    string x = $"{name} ({setting})";
    // Nothing at all has no logarithm.
    bool logarithmic = dimension.All(point => point.Value > 0);
    Write(dimension.Key + "-rate", new Chart($"Unary calls a second against {name}", x, "calls/s", logarithmic), dimension, point => point.PerSecond);
    Write(
        dimension.Key + "-cpu",
        new Chart($"CPU time of a unary call against {name}", x, "microseconds, client and server together", logarithmic),
        dimension,
        point => point.Microseconds);
}

return 0;

void Write(string name, Chart chart, IEnumerable<Point> dimension, Func<Point, double> y)
{
    foreach (IGrouping<string, Point> contestant in dimension.GroupBy(point => point.Contestant))
    {
        chart.Add(contestant.Key, [.. contestant.Select(point => (point.Value, y(point)))]);
    }

    File.WriteAllText(Path.Combine(args[1], name + ".svg"), chart.Draw());
}
