namespace OutboundInterception;

/// <summary>The signature of a method, field, property, local variables, or the arguments of a generic method.</summary>
/// <param name="Return">The return type, or the type of a field; <see langword="null"/> where there is none.</param>
/// <param name="Types">Parameters, locals or type arguments.</param>
/// <param name="IsField">Whether it is a field's.</param>
/// <param name="IsUnusual">Whether it has variable arguments or a native calling convention.</param>
internal sealed record Signature(SignatureType? Return, SignatureType[] Types, bool IsField, bool IsUnusual)
{
    /// <summary>The parameters' names in the sandbox policy.</summary>
    public string[] PolicyNames => field ??= Array.ConvertAll(Types, type => type.PolicyName);
}
