using System.Collections;
using System.Reflection;

namespace OutboundInterception.Tests.Holes;

/// <summary>What can be reached from an object.</summary>
internal static class ObjectGraph
{
    private const BindingFlags Public = BindingFlags.Instance | BindingFlags.Public;

    /// <summary>By the public members that anybody may write into a program.</summary>
    public static IEnumerable<object> PublicProperties(params object[] roots) => Walk(roots, static value =>
        value.GetType().GetProperties(Public)
            .Where(static property => property.GetIndexParameters().Length == 0 && property.CanRead && !property.PropertyType.IsByRefLike && !property.PropertyType.IsPointer)
            .Select(property => Read(() => property.GetValue(value)))
            .Concat(value is IEnumerable items and not string ? items.Cast<object?>() : []));

    /// <summary>By reflection on fields, private ones too.</summary>
    public static IEnumerable<object> Fields(params object[] roots) => Walk(roots, static value => Types(value.GetType())
        .SelectMany(static type => type.GetFields(Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(static field => !field.FieldType.IsByRefLike && !field.FieldType.IsPointer)
        .Select(field => field.GetValue(value))
        .Concat(value is Array array ? array.Cast<object?>() : []));

    private static IEnumerable<Type> Types(Type? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            yield return type;
        }
    }

    private static IEnumerable<object> Walk(object[] roots, Func<object, IEnumerable<object?>> next)
    {
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        Queue<object> open = new(roots);
        while (open.TryDequeue(out object? value))
        {
            if (!seen.Add(value))
            {
                continue;
            }

            yield return value;
            Type type = value.GetType();
            if (type.IsPrimitive || type.IsEnum || value is string or Type or Assembly or MemberInfo or Delegate { Target: null })
            {
                continue;
            }

            foreach (object? reached in value is Delegate made ? [made.Target] : next(value))
            {
                if (reached is not null)
                {
                    open.Enqueue(reached);
                }
            }
        }
    }

    private static object? Read(Func<object?> get)
    {
        try
        {
            return get();
        }
        catch (TargetInvocationException)
        {
            // Not to be had in its state.
            return null;
        }
    }
}
