using System.Net;

namespace OutboundInterception;

/// <summary>
/// The host of a request as policy and address guard see it: <see cref="Uri.IdnHost"/> in lower case, one trailing dot
/// removed, and read once more as an address, because digits of other scripts fold into an address only here.
/// </summary>
/// <param name="Name">The name, or the text of the address without brackets.</param>
/// <param name="Address">The address when the name is one, else <see langword="null"/>.</param>
internal readonly record struct CanonicalHost(string Name, IPAddress? Address);
