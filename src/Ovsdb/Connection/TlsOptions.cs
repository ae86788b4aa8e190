namespace Sluice.Ovsdb;

/// <summary>
/// PEM files for <c>ssl:</c> endpoints. They are read again at every connection, so that a renewed certificate is taken up.
/// </summary>
/// <param name="PrivateKey">Our key.</param>
/// <param name="Certificate">Our certificate, followed by the intermediate ones between it and what the server trusts, if any.</param>
/// <param name="CaCertificate">One or more certificates, one of which must have signed the server's certificate. As in OVS, the host name is not checked.</param>
public sealed record TlsOptions(string PrivateKey, string Certificate, string CaCertificate);
