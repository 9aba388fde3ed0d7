// EXPECT: allow | category: benign
// IObservable, IProgress, events, INotifyPropertyChanged, dispose pattern with finaliser
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N433;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); IProgress<int> p = new Progress<int>(_ => { }); p.Report(1); using var v = new Vm(); v.PropertyChanged += (_, e) => _ = e.PropertyName; v.N = 3; var d = new Sub(); using var s = d.Subscribe(new Ob());
        return new HttpResponseMessage();
    }
}
internal sealed class Vm : System.ComponentModel.INotifyPropertyChanged, IDisposable { private int _n; public int N { get => _n; set { _n = value; PropertyChanged?.Invoke(this, new(nameof(N))); } } public event System.ComponentModel.PropertyChangedEventHandler? PropertyChanged; public void Dispose() { GC.SuppressFinalize(this); } ~Vm() { _n = 0; } } internal sealed class Ob : IObserver<int> { public void OnCompleted() { } public void OnError(Exception e) { } public void OnNext(int v) { } } internal sealed class Sub : IObservable<int>, IDisposable { public IDisposable Subscribe(IObserver<int> o) { o.OnNext(1); return this; } public void Dispose() { } }
