using System.Net.Http.Headers;

namespace OutboundInterception.Tests.Outbound;

[Parallelizable(ParallelScope.All)]
public sealed class MessageStateTests
{
    [Test]
    public void MayHave_NewMessage_SaysNoWithoutMakingAny()
    {
        using HttpRequestMessage message = new();
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool headers = MessageState.MayHaveHeaders(message);
        bool options = MessageState.MayHaveOptions(message);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // On a framework whose fields have other names both say yes, which is right but slow: then the names need a look.
        Assert.That((headers, options), Is.EqualTo((false, false)));
        Assert.That(allocated, Is.LessThan(48), "a message's headers are 48 bytes");
    }

    [Test]
    public void MayHave_HeaderOrOptionWasSet_SaysYes()
    {
        using HttpRequestMessage message = new();
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("test", "1"));
        message.Options.Set(new HttpRequestOptionsKey<int>("test"), 1);

        Assert.That((MessageState.MayHaveHeaders(message), MessageState.MayHaveOptions(message)), Is.EqualTo((true, true)));
    }
}
