using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace OutboundInterception;

/// <summary>
/// Reads <see cref="EgressOptions"/> from configuration. By hand and not bound: the binder knows no networks, and passes over
/// a misspelt key, which here could be a network that was to be denied.
/// </summary>
internal sealed class EgressConfigurationReader(EgressOptions options)
{
    private const string Known =
        $"{nameof(EgressOptions.AllowedNetworks)}, {nameof(EgressOptions.DeniedNetworks)}, {nameof(EgressOptions.Routes)}, "
        + $"{nameof(EgressOptions.TrustedRoots)}, {nameof(EgressOptions.ResolutionLifetime)}, {nameof(EgressOptions.ConnectTimeout)}, "
        + $"{nameof(EgressOptions.PooledConnectionLifetime)}, {nameof(EgressOptions.PooledConnectionIdleTimeout)}, "
        + $"{nameof(EgressOptions.MaxConnectionsPerServer)}, {nameof(EgressOptions.MaxResponseHeadersLength)}, "
        + $"{nameof(EgressOptions.AutomaticDecompression)}, {nameof(EgressOptions.AllowPort25)}";

    private List<string> Problems => options.ConfigurationProblems;

    public void Read(IConfigurationSection section)
    {
        if (!section.Exists())
        {
            Problems.Add($"The configuration has no section '{section.Path}'; check its name.");
            return;
        }

        foreach (IConfigurationSection child in section.GetChildren())
        {
            switch (child.Key.ToUpperInvariant())
            {
                case "ALLOWEDNETWORKS":
                    ReadNetworks(child, options.AllowedNetworks);
                    break;
                case "DENIEDNETWORKS":
                    ReadNetworks(child, options.DeniedNetworks);
                    break;
                case "ROUTES":
                    ReadRoutes(child);
                    break;
                case "TRUSTEDROOTS":
                    ReadRoots(child);
                    break;
                case "RESOLUTIONLIFETIME":
                    options.ResolutionLifetime = ReadTime(child) ?? options.ResolutionLifetime;
                    break;
                case "CONNECTTIMEOUT":
                    options.ConnectTimeout = ReadTime(child) ?? options.ConnectTimeout;
                    break;
                case "POOLEDCONNECTIONLIFETIME":
                    options.PooledConnectionLifetime = ReadTime(child) ?? options.PooledConnectionLifetime;
                    break;
                case "POOLEDCONNECTIONIDLETIMEOUT":
                    options.PooledConnectionIdleTimeout = ReadTime(child) ?? options.PooledConnectionIdleTimeout;
                    break;
                case "MAXCONNECTIONSPERSERVER":
                    options.MaxConnectionsPerServer = ReadNumber(child) ?? options.MaxConnectionsPerServer;
                    break;
                case "MAXRESPONSEHEADERSLENGTH":
                    options.MaxResponseHeadersLength = ReadNumber(child) ?? options.MaxResponseHeadersLength;
                    break;
                case "AUTOMATICDECOMPRESSION":
                    options.AutomaticDecompression = ReadDecompression(child) ?? options.AutomaticDecompression;
                    break;
                case "ALLOWPORT25":
                    options.AllowPort25 = ReadFlag(child) ?? options.AllowPort25;
                    break;
                default:
                    Problems.Add($"'{child.Path}' is not known; what may stand there is {Known}.");
                    break;
            }
        }
    }

    private void ReadNetworks(IConfigurationSection list, IList<IPNetwork> networks)
    {
        foreach (IConfigurationSection entry in Entries(list, "10.0.0.0/8"))
        {
            if (IPNetwork.TryParse(entry.Value, out IPNetwork network))
            {
                networks.Add(network);
            }
            else
            {
                Problems.Add($"'{entry.Path}' is '{entry.Value}', which is no network; write its first address and the length of its prefix, such as 10.0.0.0/8 or fd00::/8.");
            }
        }
    }

    private void ReadRoutes(IConfigurationSection routes)
    {
        if (routes.Value is { Length: > 0 } value)
        {
            Problems.Add($"'{routes.Path}' is '{value}'; write an object of host and endpoint, {{ \"api.example.com\": \"http://127.0.0.1:5081\" }}.");
        }

        foreach (IConfigurationSection route in routes.GetChildren())
        {
            // Judged with those from code.
            options.Routes[route.Key] = route.Value ?? "";
        }
    }

    private void ReadRoots(IConfigurationSection list)
    {
        foreach (IConfigurationSection entry in Entries(list, "/etc/ssl/our-ca.pem"))
        {
            try
            {
                int before = options.TrustedRoots.Count;
                options.TrustedRoots.ImportFromPemFile(entry.Value ?? "");
                if (options.TrustedRoots.Count == before)
                {
                    Problems.Add($"'{entry.Path}': the file '{entry.Value}' has no certificate in it; write the path of a PEM file.");
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
            {
                Problems.Add($"'{entry.Path}': the file '{entry.Value}' cannot be read ({exception.Message}); write the path of a PEM file.");
            }
        }
    }

    private DecompressionMethods? ReadDecompression(IConfigurationSection section)
    {
        if (Enum.TryParse(section.Value, ignoreCase: true, out DecompressionMethods methods))
        {
            return methods;
        }

        Problems.Add($"'{section.Path}' is '{section.Value}'; write None, GZip, Deflate, Brotli or All, or several with commas between.");
        return null;
    }

    private bool? ReadFlag(IConfigurationSection section)
    {
        if (bool.TryParse(section.Value, out bool flag))
        {
            return flag;
        }

        Problems.Add($"'{section.Path}' is '{section.Value}'; write true or false.");
        return null;
    }

    private TimeSpan? ReadTime(IConfigurationSection section)
    {
        if (TimeSpan.TryParse(section.Value, CultureInfo.InvariantCulture, out TimeSpan time))
        {
            return time;
        }

        Problems.Add($"'{section.Path}' is '{section.Value}', which is no time; write hours, minutes and seconds, such as 00:00:05.");
        return null;
    }

    private int? ReadNumber(IConfigurationSection section)
    {
        if (int.TryParse(section.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
        {
            return number;
        }

        Problems.Add($"'{section.Path}' is '{section.Value}', which is no whole number.");
        return null;
    }

    private IEnumerable<IConfigurationSection> Entries(IConfigurationSection list, string example)
    {
        if (list.Value is { Length: > 0 } value)
        {
            Problems.Add($"'{list.Path}' is '{value}'; write a list, [ \"{example}\" ].");
        }

        return list.GetChildren();
    }
}
