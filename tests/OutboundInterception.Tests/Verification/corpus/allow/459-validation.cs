// EXPECT: allow | category: benign
// a body that is validated by attributes
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Collections.Generic; using System.ComponentModel.DataAnnotations;
namespace Allow.N459;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var dto = new Dto { Name = "a" }; var errors = new List<ValidationResult>(); _ = Validator.TryValidateObject(dto, new ValidationContext(dto), errors, validateAllProperties: true); foreach (var e in errors) _ = e.ErrorMessage;
        return new HttpResponseMessage();
    }
}
internal sealed class Dto : IValidatableObject { [Required, StringLength(10, MinimumLength = 1)] [Display(Name = "The name")] public string Name { get; set; } = ""; [Range(1, 10)] public int Count { get; set; } = 1; [RegularExpression("^a$", ErrorMessage = "not a")] public string? Code { get; set; } public IEnumerable<ValidationResult> Validate(ValidationContext c) { yield break; } }
