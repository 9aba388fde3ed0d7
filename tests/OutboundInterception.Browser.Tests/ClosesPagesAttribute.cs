using NUnit.Framework.Interfaces;

namespace OutboundInterception.Browser.Tests;

/// <summary>A test's pages end with it: one that is left open goes on showing what its platform does, and takes the next test's time.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class ClosesPagesAttribute : TestActionAttribute
{
    public override ActionTargets Targets => ActionTargets.Test;

    public override void AfterTest(ITest test) => Browser.CloseAsync().GetAwaiter().GetResult();
}
