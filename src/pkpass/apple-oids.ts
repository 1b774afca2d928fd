/** Object identifiers of X.509 (RFC 5280), of its keys (RFC 3279, RFC 5480), and Apple's own under 1.2.840.113635.100. */
export const oid = {
  commonName: "2.5.4.3",
  countryName: "2.5.4.6",
  organizationName: "2.5.4.10",
  organizationalUnit: "2.5.4.11",
  userId: "0.9.2342.19200300.100.1.1",
  emailAddress: "1.2.840.113549.1.9.1",
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  basicConstraints: "2.5.29.19",
  authorityKeyIdentifier: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  rsaKey: "1.2.840.113549.1.1.1",
  ellipticKey: "1.2.840.10045.2.1",
  p256: "1.2.840.10045.3.1.7",
  applePassType: "1.2.840.113635.100.6.1.16",
  applePassSigning: "1.2.840.113635.100.4.14",
} as const;
