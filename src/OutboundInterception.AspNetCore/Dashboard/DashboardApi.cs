using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace OutboundInterception;

/// <summary>What the page asks for, one method an endpoint. Everything it shows can be had here as JSON.</summary>
internal sealed class DashboardApi(IReadOnlyDictionary<string, DashboardNamespace> namespaces, KillSwitchAccess killSwitch, TimeProvider time)
{
    // A policy of a million rules has its place in a file; what somebody pastes into a page is smaller.
    private const long MaxPolicyBytes = 4 << 20;
    private const int MaxRows = 10_000;
    private const int MaxDryRunRows = 500;

    public async Task NamespacesAsync(HttpContext http)
    {
        bool mayKill = await killSwitch.AllowsAsync(http);
        IReadOnlyList<NamespaceView> all = [.. namespaces.Values.Select(shown => NamespaceView.Of(shown, mayKill))];
        await JsonAsync(http, all, DashboardJson.Default.IReadOnlyListNamespaceView);
    }

    public Task SummaryAsync(HttpContext http, DashboardNamespace shown)
    {
        int minutes = http.Request.Query["minutes"].ToString() switch
        {
            "5" => 5,
            "15" => 15,
            _ => 1,
        };
        int step = minutes switch
        {
            1 => 1,
            5 => 5,
            _ => 10,
        };
        return JsonAsync(http, shown.Traffic.Read(time.GetUtcNow(), minutes, step), DashboardJson.Default.TrafficSummary);
    }

    public static Task RecordsAsync(HttpContext http, DashboardNamespace shown)
    {
        RecordFilter filter = RecordFilter.Of(http.Request.Query);
        int wanted = int.TryParse(http.Request.Query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out int limit) ? int.Clamp(limit, 1, MaxRows) : 1000;
        SubrequestRingPage page = shown.Ring.Read(0);
        List<SubrequestRecord> records = [.. page.Records.Where(filter.Matches)];
        return RecordPage.WriteAsync(http, records[int.Max(0, records.Count - wanted)..], page.Next);
    }

    public Task FeedAsync(HttpContext http, DashboardNamespace shown) => RecordFeed.WriteAsync(http, shown.Ring, time);

    public static Task DispatchAsync(HttpContext http, DashboardNamespace shown)
    {
        string id = http.Request.RouteValues["dispatch"]?.ToString() ?? "";
        return RecordPage.WriteAsync(http, [.. shown.Ring.Snapshot().Where(record => record.DispatchId == id)], shown.Ring.Count);
    }

    /// <summary>A selection as an HTTP archive: that of the filter, or one dispatch.</summary>
    public static Task HarAsync(HttpContext http, DashboardNamespace shown)
    {
        RecordFilter filter = RecordFilter.Of(http.Request.Query);
        string dispatch = http.Request.Query["dispatch"].ToString();
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"outbound.har\"";
        return HarArchive.WriteAsync(
            http.Response.Body,
            shown.Ring.Snapshot().Where(record => filter.Matches(record) && (dispatch.Length == 0 || record.DispatchId == dispatch)),
            http.RequestAborted);
    }

    public static Task TenantsAsync(HttpContext http, DashboardNamespace shown)
    {
        IReadOnlyList<string> names = [.. shown.Dispatch.Tenants.Names.Order(StringComparer.Ordinal).Take(1000)];
        return JsonAsync(http, names, DashboardJson.Default.IReadOnlyListString);
    }

    public static Task TenantAsync(HttpContext http, DashboardNamespace shown) =>
        JsonAsync(http, TenantView.Of(shown, Tenant(http)), DashboardJson.Default.TenantView);

    public async Task KillAsync(HttpContext http, DashboardNamespace shown)
    {
        if (await MayChangeAsync(http))
        {
            shown.Dispatch.Policy.Kill(Tenant(http));
            await TenantAsync(http, shown);
        }
    }

    public async Task ReviveAsync(HttpContext http, DashboardNamespace shown)
    {
        if (await MayChangeAsync(http))
        {
            shown.Dispatch.Policy.Revive(Tenant(http));
            await TenantAsync(http, shown);
        }
    }

    /// <summary>Tries a policy, given as the body in the form that configuration has, on the records that there are. It changes nothing.</summary>
    public static async Task DryRunAsync(HttpContext http, DashboardNamespace shown)
    {
        if (!await DashboardAntiforgery.IsValidAsync(http))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (http.Request.ContentLength is null or > MaxPolicyBytes)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        body.Position = 0;
        await JsonAsync(http, TryOut(shown, body), DashboardJson.Default.DryRunView);
    }

    private static DryRunView TryOut(DashboardNamespace shown, Stream policy)
    {
        OutboundPolicy candidate;
        try
        {
            IConfiguration configuration = new ConfigurationBuilder().AddJsonStream(policy).Build();
            candidate = new OutboundPolicyBuilder().AddConfiguration(configuration).Build();
        }
        catch (PolicyValidationException exception)
        {
            return new DryRunView(0, 0, [], [.. exception.Problems]);
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException or JsonException)
        {
            return new DryRunView(0, 0, [], [exception.InnerException?.Message ?? exception.Message]);
        }

        IReadOnlyList<SubrequestRecord> records = shown.Ring.Snapshot();
        List<DryRunDifference> differences = [.. shown.Dispatch.Policy.DryRun(records, candidate).Where(static difference => !difference.IsSame)];
        return new DryRunView(
            records.Count,
            differences.Count,
            [
                .. differences
                    .GroupBy(static difference => (difference.Request.Tenant, difference.Request.Method, difference.Request.Uri, difference.Before.RuleId, difference.After.RuleId))
                    .Select(static same => DryRunRow.Of(same.First(), same.Count()))
                    .OrderByDescending(static row => row.Times)
                    .Take(MaxDryRunRows),
            ],
            []);
    }

    private static string Tenant(HttpContext http) => http.Request.RouteValues["tenant"]?.ToString() ?? "";

    private static async Task JsonAsync<T>(HttpContext http, T value, JsonTypeInfo<T> type)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        await JsonSerializer.SerializeAsync(http.Response.Body, value, type, http.RequestAborted);
    }

    private async Task<bool> MayChangeAsync(HttpContext http)
    {
        if (!await killSwitch.AllowsAsync(http))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return false;
        }

        if (!await DashboardAntiforgery.IsValidAsync(http))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return false;
        }

        return true;
    }
}
