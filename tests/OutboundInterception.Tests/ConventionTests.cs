using System.Reflection;

namespace OutboundInterception.Tests;

/// <summary>What holds for every type, whoever writes it.</summary>
public class ConventionTests
{
    private static IEnumerable<Type> Types => new[] { typeof(ITenantHandler).Assembly, typeof(DispatchNamespace).Assembly }
        .SelectMany(static assembly => assembly.GetTypes())
        .Where(static type => type.Namespace is { } name && (name == "OutboundInterception" || name.StartsWith("Microsoft.Extensions.DependencyInjection", StringComparison.Ordinal)))
        .Where(static type => !type.Name.Contains('<', StringComparison.Ordinal));

    private static IEnumerable<MethodInfo> PublicMethods => Types
        .Where(static type => type.IsVisible && !typeof(Delegate).IsAssignableFrom(type))
        .SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(static method => !method.IsSpecialName);

    [Test]
    public void Classes_AreSealedAbstractOrStatic_UnlessOneDerivesFromThem() => Assert.That(
        Types.Where(static type => type is { IsClass: true, IsSealed: false, IsAbstract: false } && !Types.Any(other => other.BaseType == type)).Select(static type => type.FullName),
        Is.Empty);

    [Test]
    public void Exceptions_AreSealed_AndHaveNoPublicConstructorThatSaysNothing() => Assert.That(
        Types.Where(static type => type.IsVisible && typeof(Exception).IsAssignableFrom(type) && (!type.IsSealed || type.GetConstructor(Type.EmptyTypes) is not null)).Select(static type => type.FullName),
        Is.Empty);

    [Test]
    public void AsyncMethods_TakeTheCancellationTokenLastUnderItsUsualName() => Assert.That(
        PublicMethods
            .Select(static method => (Method: method, Tokens: method.GetParameters().Where(static parameter => parameter.ParameterType == typeof(CancellationToken)).ToArray()))
            .Where(static found => found.Tokens.Length > 0)
            .Where(static found => found.Tokens.Length > 1 || found.Tokens[0].Name != "cancellationToken" || found.Tokens[0].Position != found.Method.GetParameters().Length - 1)
            .Select(static found => $"{found.Method.DeclaringType!.Name}.{found.Method.Name}"),
        Is.Empty);

    [Test]
    public void MethodsThatReturnTasks_AreNamedAsync() => Assert.That(
        PublicMethods
            .Where(static method => method.ReturnType.Name is "Task" or "Task`1" or "ValueTask" or "ValueTask`1" && !method.Name.EndsWith("Async", StringComparison.Ordinal))
            .Select(static method => $"{method.DeclaringType!.Name}.{method.Name}"),
        Is.EquivalentTo(new[] { "TestTenantContext.WhenBackgroundWorkIsDone" }));

    [Test]
    public void PublicFields_AreConstantsOrReadOnlyStatics() => Assert.That(
        Types.Where(static type => type is { IsVisible: true, IsEnum: false })
            .SelectMany(static type => type.GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(static field => !field.IsLiteral && !(field.IsStatic && field.IsInitOnly))
            .Select(static field => $"{field.DeclaringType!.Name}.{field.Name}"),
        Is.Empty);

    [Test]
    public void Abstractions_ReferToTheFrameworkAlone() => Assert.That(
        typeof(ITenantHandler).Assembly.GetReferencedAssemblies().Select(static assembly => assembly.Name),
        Has.None.StartsWith("Microsoft.").And.None.StartsWith("Polly"));

    // Who a dispatch is, is never read from the surroundings: one type may have an AsyncLocal, for what it says there.
    [Test]
    public void AsyncLocals_AreInBackgroundWorkAlone() => Assert.That(
        Types.Where(static type => type.GetFields(BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance)
                .Any(static field => field.FieldType is { IsGenericType: true } generic && generic.GetGenericTypeDefinition() == typeof(AsyncLocal<>)))
            .Select(static type => type.Name),
        Is.EqualTo(new[] { "BackgroundWork" }));
}
