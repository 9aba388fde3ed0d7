using System.Buffers.Binary;
using System.Net;

namespace OutboundInterception.Tests;

public sealed class AddressRangesTests
{
    [TestCase("10.0.0.0/8", "10.0.0.0", true)]
    [TestCase("10.0.0.0/8", "10.255.255.255", true)]
    [TestCase("10.0.0.0/8", "11.0.0.0", false)]
    [TestCase("10.0.0.0/8", "9.255.255.255", false)]
    [TestCase("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [TestCase("10.0.0.0/8", "::10.1.2.3", false)]
    [TestCase("::ffff:10.0.0.0/104", "10.1.2.3", true)]
    [TestCase("0.0.0.0/0", "255.255.255.255", true)]
    [TestCase("0.0.0.0/0", "::1", false)]
    [TestCase("255.255.255.255/32", "255.255.255.255", true)]
    [TestCase("::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    [TestCase("::/0", "::ffff:10.0.0.1", false)]
    [TestCase("::/0", "10.0.0.1", false)]
    [TestCase("fe80::/10", "fe80::1%3", true)]
    [TestCase("fe80::/10", "fec0::", false)]
    [TestCase("::1/128", "::1", true)]
    [TestCase("::1/128", "::2", false)]
    [TestCase("::/64", "::1", true)]
    public void Contains_OneNetwork_IsExactAtItsEnds(string network, string address, bool expected)
        => Assert.That(new AddressRanges([IPNetwork.Parse(network)]).Contains(IPAddress.Parse(address)), Is.EqualTo(expected));

    [Test]
    public void Constructor_TouchingAndNestedNetworks_AreMerged()
    {
        AddressRanges ranges = new([.. new[] { "10.0.1.0/24", "10.0.0.0/24", "10.0.0.128/25", "10.0.3.0/24", "255.0.0.0/8", "255.255.0.0/16" }.Select(network => IPNetwork.Parse(network))]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ranges.Count, Is.EqualTo(3));
            Assert.That(ranges.Contains(IPAddress.Parse("10.0.1.255")), Is.True);
            Assert.That(ranges.Contains(IPAddress.Parse("10.0.2.0")), Is.False);
        }
    }

    [Test]
    public void Contains_NoNetworks_IsFalse()
        => Assert.That(new AddressRanges([]).Contains(IPAddress.Loopback), Is.False);

    // From a few to well past the size from which there is an index; long networks, so that ranges begin in one bucket and end in another.
    [TestCase(10)]
    [TestCase(900)]
    [TestCase(5000)]
    public void Contains_RandomNetworks_AgreesWithComparingEach(int count)
    {
        Random random = new(count);
        IPNetwork[] networks = [.. Enumerable.Range(0, count).Select(i => Network(random, i % 4 == 0 ? 16 : 4))];
        AddressRanges ranges = new(networks);
        int wrong = 0;
        foreach (IPAddress address in networks.SelectMany(network => new[] { network.BaseAddress, Next(network, random), Address(random, network.BaseAddress.GetAddressBytes().Length) }))
        {
            wrong += ranges.Contains(address) == Array.Exists(networks, network => network.Contains(address)) ? 0 : 1;
        }

        Assert.That(wrong, Is.Zero);

        static IPNetwork Network(Random random, int size)
        {
            int length = random.Next(size == 4 ? 9 : 20, (size * 8) + 1);
            byte[] bytes = Address(random, size).GetAddressBytes();
            for (int bit = length; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
            }

            return new IPNetwork(new IPAddress(bytes), length);
        }

        static IPAddress Address(Random random, int size)
        {
            byte[] bytes = new byte[size];
            random.NextBytes(bytes);
            return new IPAddress(bytes);
        }

        // Near the end of the network, on either side.
        static IPAddress Next(IPNetwork network, Random random)
        {
            byte[] bytes = network.BaseAddress.GetAddressBytes();
            if (bytes.Length == 4)
            {
                uint end = (uint)(BinaryPrimitives.ReadUInt32BigEndian(bytes) + (1UL << (32 - network.PrefixLength)) - 1);
                BinaryPrimitives.WriteUInt32BigEndian(bytes, unchecked(end + (uint)random.Next(-1, 2)));
            }
            else
            {
                UInt128 end = BinaryPrimitives.ReadUInt128BigEndian(bytes) + (network.PrefixLength == 0 ? 0 : UInt128.One << (128 - network.PrefixLength)) - 1;
                BinaryPrimitives.WriteUInt128BigEndian(bytes, unchecked(end + (UInt128)random.Next(2)));
            }

            return new IPAddress(bytes);
        }
    }

    [Test]
    public void Contains_Asked_AllocatesNothing()
    {
        AddressRanges ranges = new([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fe80::/10")]);
        IPAddress[] addresses = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("::ffff:10.0.0.1"), IPAddress.IPv6Loopback];

        Array.Exists(addresses, ranges.Contains);
        Predicate<IPAddress> contains = ranges.Contains;
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (IPAddress address in addresses)
        {
            contains(address);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
