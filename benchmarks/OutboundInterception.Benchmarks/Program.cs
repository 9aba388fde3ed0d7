using OutboundInterception.Benchmarks;

SubrequestBenchmarks b = new(); b.Setup();
DispatchBenchmarks d = new(); d.Setup();
GetBenchmarks g = new(); g.Setup();
var t = await Interleaved.MeasureAsync(TimeSpan.FromSeconds(3), new(b.HttpClientAsync, 500), new(b.SubrequestAsync, 500), new(d.DispatchAsync, 500), new(() => { g.Get(); return Task.CompletedTask; }, 10000));
foreach (var x in t)
{
    Console.WriteLine($"{x.Nanoseconds:f1} ns {x.Bytes:f1} B");
}
