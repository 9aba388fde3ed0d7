namespace OutboundInterception;

/// <summary>Whether a socket speaks TLS.</summary>
public enum SecureTransport
{
    /// <summary>It does not.</summary>
    Off,

    /// <summary>From the first byte on.</summary>
    On,

    /// <summary>Not at first: <see cref="TenantSocket.StartTlsAsync"/> turns it on, as SMTP, IMAP and PostgreSQL do.</summary>
    StartTls,
}
