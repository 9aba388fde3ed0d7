using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace OutboundInterception;

/// <summary>What a client is told of a dispatch that failed: never the tenant's or a worker's own words, unless in Development.</summary>
internal static class DispatchProblem
{
    public static int StatusOf(Exception? exception) => exception switch
    {
        TenantNotFoundException => StatusCodes.Status404NotFound,
        OutboundBlockedException => StatusCodes.Status403Forbidden,
        DispatchLimitException => StatusCodes.Status429TooManyRequests,
        OutboundRejectedException { Rejection: not OutboundRejection.CircuitOpen } => StatusCodes.Status429TooManyRequests,
        HttpRequestException => StatusCodes.Status502BadGateway,
        TaskCanceledException { InnerException: TimeoutException } => StatusCodes.Status504GatewayTimeout,
        ObjectDisposedException { ObjectName: nameof(DispatchNamespace) } => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    public static async Task WriteAsync(HttpContext http, int status, Exception? exception)
    {
        http.Response.StatusCode = status;
        ProblemDetails problem = new() { Status = status, Title = TitleOf(status) };
        if (exception is not null && http.RequestServices.GetService<IHostEnvironment>()?.IsDevelopment() == true)
        {
            problem.Detail = exception.Message;
        }

        if (http.RequestServices.GetService<IProblemDetailsService>() is { } service
            && await service.TryWriteAsync(new ProblemDetailsContext { HttpContext = http, ProblemDetails = problem }))
        {
            return;
        }

        await http.Response.WriteAsJsonAsync(problem, ProblemJson.Default.ProblemDetails, "application/problem+json", http.RequestAborted);
    }

    private static string TitleOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "The request's URL is not valid.",
        StatusCodes.Status404NotFound => "There is no such tenant.",
        StatusCodes.Status403Forbidden => "The platform does not allow what the tenant tried to reach.",
        StatusCodes.Status429TooManyRequests => "The tenant has reached a limit.",
        StatusCodes.Status502BadGateway => "The tenant's upstream failed.",
        StatusCodes.Status503ServiceUnavailable => "The platform is shutting down.",
        StatusCodes.Status504GatewayTimeout => "The tenant took too long.",
        _ => "The tenant failed.",
    };
}
