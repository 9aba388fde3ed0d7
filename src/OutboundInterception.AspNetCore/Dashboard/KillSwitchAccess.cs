using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

/// <summary>Who may switch tenants off and on from the page: nobody, until the host says otherwise.</summary>
internal sealed class KillSwitchAccess
{
    public bool IsOn { get; set; }

    public string? Policy { get; set; }

    public async Task<bool> AllowsAsync(HttpContext http) =>
        IsOn && (Policy is null || (await http.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(http.User, null, Policy)).Succeeded);
}
