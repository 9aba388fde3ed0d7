using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OutboundInterception;

/// <summary>
/// The framework's antiforgery with keys that live as long as the process, so that the page needs nothing of the host's services
/// and its cookie is nobody else's.
/// </summary>
internal static class DashboardAntiforgery
{
    public const string HeaderName = "X-Outbound-Antiforgery";

    private static readonly IAntiforgery s_antiforgery = Create();

    /// <summary>Gives the page its token, and the browser the cookie that goes with it.</summary>
    public static string GetToken(HttpContext http) => s_antiforgery.GetAndStoreTokens(http).RequestToken!;

    public static Task<bool> IsValidAsync(HttpContext http) => s_antiforgery.IsRequestValidAsync(http);

    private static IAntiforgery Create()
    {
        ServiceCollection services = new();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).AddLogging();
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAntiforgery(static options =>
        {
            options.HeaderName = HeaderName;
            options.Cookie.Name = "outbound-dashboard";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.SuppressXFrameOptionsHeader = true;
        });
        return services.BuildServiceProvider().GetRequiredService<IAntiforgery>();
    }
}
