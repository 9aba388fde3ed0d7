namespace OutboundInterception;

/// <summary>A header in a record.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">
/// Its value where <see cref="RecordOptions.SafeHeaders"/> has the name, cut off at 256 characters; else <see langword="null"/>.
/// </param>
public readonly record struct RecordedHeader(string Name, string? Value);
