namespace OutboundInterception;

/// <summary>What is wrong with the URL of a subrequest, in the order in which it is looked for.</summary>
internal enum OutboundUriProblem
{
    None,

    /// <summary>Missing, relative, or nothing that <see cref="System.Uri"/> can read.</summary>
    InvalidUri,

    /// <summary>Longer than <see cref="OutboundUri.MaxLength"/>, as it was given or once it is escaped.</summary>
    TooLong,

    /// <summary>Neither <c>http</c> nor <c>https</c>.</summary>
    Scheme,

    /// <summary>A host that folds into something which no name may hold, or has no ASCII form.</summary>
    InvalidHost,

    /// <summary>An address with a zone, which means something on one machine only.</summary>
    Zone,

    /// <summary>Strict: a control character or a space in the string as it was given.</summary>
    ControlOrSpace,

    /// <summary>Strict: a backslash, which half of the world's parsers take for a slash.</summary>
    Backslash,

    /// <summary>Strict: a character outside ASCII in the string as it was given.</summary>
    NonAscii,

    /// <summary>Strict: a name or password before the host, or the empty one of <c>https://@host/</c>.</summary>
    UserInfo,

    /// <summary>Strict: another port than the scheme's own.</summary>
    Port,

    /// <summary>Strict: a dot after the host.</summary>
    TrailingDot,
}
