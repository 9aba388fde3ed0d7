using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace OutboundInterception;

/// <summary>
/// Holds a compiled tenant assembly against the sandbox policy without running or loading it: its references, types, members,
/// signatures, attributes and every instruction. Whatever the policy does not list is refused. Safe for use by several threads.
/// </summary>
/// <remarks>
/// It reads names. That IL keeps to the types that its names say it does not prove, and neither does the runtime: an assembly
/// written to deceive can pass an object off as one of another type. Load what this allows only if it was compiled by the host
/// from source, or if whoever vouches for it is trusted; and load the very bytes that were verified.
/// </remarks>
public static class TenantAssemblyVerifier
{
    /// <summary>Verifies one assembly.</summary>
    /// <param name="assembly">The bytes of the file. Bytes that are no assembly give a result too: one <see cref="VerificationRule.Malformed"/>.</param>
    /// <param name="options">What else may be referenced, and bounds; <see langword="null"/> for the defaults.</param>
    /// <returns>What was found. Its time and memory are bounded by the size of the file.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A bound in <paramref name="options"/> is less than 1.</exception>
    /// <exception cref="ArgumentException">An allowed assembly is listed twice, or the sandbox policy has its own list for it.</exception>
    public static VerificationResult Verify(ReadOnlyMemory<byte> assembly, TenantAssemblyVerifierOptions? options = null)
    {
        options ??= new TenantAssemblyVerifierOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBytes, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxViolations, 1, nameof(options));
        SandboxPolicy policy = options.AllowedAssemblies.Aggregate(SandboxPolicy.Default, (list, allowed) => list.With(allowed.Name, allowed.Rules));
        if (assembly.Length > options.MaxBytes)
        {
            return Malformed(null, [], "The file is larger than the verifier reads.");
        }

        // A copy, so that the caller's buffer may change meanwhile and nothing read twice can differ.
        ImmutableArray<byte> bytes = ImmutableCollectionsMarshal.AsImmutableArray(assembly.ToArray());
        ImmutableArray<byte> symbols = ImmutableCollectionsMarshal.AsImmutableArray(options.Symbols.ToArray());
        string? name = null;
        VerificationReport? report = null;
        try
        {
            using var image = new PEReader(bytes);
            List<(string Target, string Reason)> problems = [.. ImageCheck.Check(image)];
            MetadataReader reader = image.GetMetadataReader(MetadataReaderOptions.None);
            name = reader.IsAssembly ? reader.GetString(reader.GetAssemblyDefinition().Name) : throw new BadImageFormatException("The file is a module without an assembly.");
            var budget = new WorkBudget(bytes.Length);
            var names = new MetadataNames(reader, budget);
            using var positions = SourcePositions.Open(image, symbols);
            report = new VerificationReport(reader, names, positions, options.MaxViolations);
            problems.ForEach(problem => report.Add(VerificationRule.Image, problem.Target, problem.Reason));
            Check(policy, image, reader, names, report, budget);
            return new VerificationResult(name, report.Violations, false);
        }
        catch (TooManyViolationsException)
        {
            return new VerificationResult(name, report!.Violations, true);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The boundary to bytes that anyone may have made: whatever goes wrong in reading them refuses them.
            return Malformed(name, report?.Violations ?? [], exception.Message);
        }
    }

    private static void Check(
        SandboxPolicy policy, PEReader image, MetadataReader reader, MetadataNames names, VerificationReport report, WorkBudget budget)
    {
        var signatures = new SignatureReader(reader, names, budget);
        var types = new TypeUses(policy, reader, report, budget);
        var activations = new Activations(policy, reader, signatures, report, budget);
        var members = new MemberUses(policy, reader, names, signatures, types, activations, report);
        var attributes = new AttributeCheck(policy, reader, names, signatures, types, members, report, budget);
        var data = new ConstantData(image, reader, names, signatures);
        var shapes = new CompilerShapes(reader, names, members, data, new InlineArrays(reader, names));
        var bodies = new BodyCheck(image, reader, signatures, types, members, shapes, new StackAllocations(members, data), report, budget);
        var definitions = new DefinitionCheck(reader, names, signatures, types, members, attributes, bodies, report);

        new AssemblyCheck(policy, reader, names, attributes, report).Check();
        foreach (TypeDefinitionHandle type in reader.TypeDefinitions)
        {
            definitions.Check(type);
        }

        activations.Finish();
        types.CheckReferences(names);
        members.CheckReferences();
    }

    private static VerificationResult Malformed(string? name, IReadOnlyList<VerificationViolation> found, string reason) =>
        new(name, [.. found, new VerificationViolation(VerificationRule.Malformed, "<assembly>", null, null, null, "file", reason)], false);
}
