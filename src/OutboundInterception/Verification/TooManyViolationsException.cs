namespace OutboundInterception;

/// <summary>Ends a verification that has found enough; never leaves <see cref="TenantAssemblyVerifier"/>.</summary>
internal sealed class TooManyViolationsException() : Exception("The assembly has more violations than are listed.");
