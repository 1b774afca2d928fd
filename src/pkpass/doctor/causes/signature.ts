import type { Cause } from "./cause";

/** The file `signature`, and the certificates in it or handed in by themselves. */
export const signatureCauses = {
  signature_not_cms: {
    severity: "error",
    why: "Wallet expects a PKCS #7 / CMS SignedData in DER.",
    remedy: "openssl cms -sign -binary -outform DER -md sha256 … (-outform DER: not PEM, not S/MIME).",
  },
  signature_not_der: {
    severity: "warning",
    why: "The structure is written with open lengths (BER, as streaming tools do); Apple's own signatures are DER.",
    remedy: "Sign without streaming, or convert: openssl cms -cmsout -inform DER -in signature -outform DER.",
  },
  signature_not_detached: {
    severity: "error",
    why: "The signed content is inside the signature; Wallet expects a detached one over manifest.json.",
    remedy: "Sign detached: openssl cms -sign without -nodetach.",
  },
  signature_without_signer: {
    severity: "error",
    why: "There are certificates in it, but nobody signed.",
    remedy: "Sign manifest.json with the private key of the pass type certificate.",
  },
  signature_several_signers: {
    severity: "warning",
    why: "A pass is signed once; which of several signatures Wallet checks is not documented. Here the first is checked.",
    remedy: "Sign with the pass type certificate only.",
  },
  signature_signing_time_missing: {
    severity: "error",
    why: "Wallet requires the signed attribute signingTime.",
    remedy: "Sign with signed attributes (openssl: without -noattr).",
  },
  signature_attributes_unsorted: {
    severity: "warning",
    why: "DER wants the signed attributes in the order of their encodings. Wallet is known to take others; strict verifiers refuse them.",
    remedy: "Sort the encoded attributes before signing.",
  },
  signature_digest_mismatch: {
    severity: "error",
    why: 'manifest.json was changed after it was signed: "Manifest signature did not verify successfully".',
    remedy: "Sign the manifest as it is in the archive, byte for byte.",
  },
  signature_invalid: {
    severity: "error",
    why: 'The key of the certificate did not make this signature: "Manifest signature did not verify successfully".',
    remedy: "Sign with the private key that belongs to the certificate (the one its request was made with).",
  },
  signature_algorithm_unknown: {
    severity: "error",
    why: "Wallet verifies RSA (PKCS #1 v1.5) and ECDSA signatures with SHA-1 or SHA-2.",
    remedy: "Sign with RSA and SHA-256.",
  },
  signature_sha1: {
    severity: "info",
    why: "The signature uses SHA-1, as old tools do. Wallet accepts it so far.",
    remedy: "Sign with SHA-256. (The hashes in the manifest stay SHA-1.)",
  },
  signer_certificate_missing: {
    severity: "error",
    why: "The certificate of the signer is not in the signature, so nothing can be verified.",
    remedy: "Include it (openssl cms -sign -signer certificate.pem, without -nocerts).",
  },
  intermediate_missing: {
    severity: "error",
    why: "Apple's intermediate certificate is not in the signature, so the chain to Apple's root is broken.",
    remedy: "Add AppleWWDRCAG4.cer from apple.com/certificateauthority (openssl cms -sign -certfile wwdr-g4.pem).",
  },
  intermediate_wrong: {
    severity: "error",
    why: "The intermediate in the signature is another than the one that issued your certificate.",
    remedy: "Replace it by AppleWWDRCAG4.cer from apple.com/certificateauthority.",
  },
  intermediate_expired: {
    severity: "error",
    why: "The certificate of the issuer is out of its validity, and so is everything that it issued.",
    remedy:
      "Get the current intermediate from apple.com/certificateauthority, and a new certificate if it issued yours.",
  },
  signed_before_validity: {
    severity: "error",
    why: "At the time in the signature the certificate was not valid yet.",
    remedy: "Set the clock of the machine that signs, and sign again.",
  },
  signed_after_expiry: {
    severity: "error",
    why: "The pass was signed with a certificate that had expired.",
    remedy: "Renew the certificate under the same pass type identifier and sign again.",
  },
  certificate_not_pass_type: {
    severity: "error",
    why: "Only a Pass Type ID certificate signs passes.",
    remedy: "Make one at developer.apple.com → Certificates, Identifiers & Profiles → Identifiers → Pass Type IDs.",
  },
  certificate_is_authority: {
    severity: "error",
    why: "This is the certificate of an issuer: it goes beside yours into the signature and signs no pass itself.",
    remedy: "Hand in the certificate that the issuer made for your pass type (pass.cer).",
  },
  pass_type_missing: {
    severity: "error",
    why: "The subject of the certificate has no UID, which is where the pass type stands.",
    remedy: "Download the certificate from Apple again.",
  },
  pass_type_malformed: {
    severity: "error",
    why: 'A pass type begins with "pass." and has letters, digits, dots and hyphens; the UID of the certificate does not.',
    remedy: "Use a certificate of a Pass Type ID.",
  },
  team_missing: {
    severity: "error",
    why: "The subject of the certificate has no OU, which is where the team stands.",
    remedy: "Download the certificate from Apple again.",
  },
  certificate_extensions_missing: {
    severity: "warning",
    why: "Apple puts both into every pass type certificate, so this one is not as Apple made it, and Wallet may refuse it.",
    remedy: "Use the Pass Type ID certificate as Apple issued it.",
  },
  certificate_extension_mismatch: {
    severity: "error",
    why: "Wallet matches the pass type in extension 1.2.840.113635.100.6.1.16; it does not name that of the subject.",
    remedy: "Use the Pass Type ID certificate as Apple issued it.",
  },
  certificate_expired: {
    severity: "error",
    why: "Nothing new can be signed with it; passes that are on devices stay there and get no more updates.",
    remedy: "Renew the certificate under the same pass type identifier and sign again.",
  },
  certificate_not_yet_valid: {
    severity: "error",
    why: "The validity of the certificate has not begun.",
    remedy: "Wait, or check the clock of this machine.",
  },
  certificate_expires_soon: {
    severity: "warning",
    why: "Within 30 days it can no longer sign: no new passes and no updates.",
    remedy: "Renew it now under the same pass type identifier; both can be used side by side.",
  },
  issuer_outdated: {
    severity: "error",
    why: "Pass type certificates come from Apple's WWDR G4; what another generation issued is not trusted any more.",
    remedy: "Make a new pass type certificate, and put AppleWWDRCAG4.cer beside it.",
  },
  issuer_not_apple: {
    severity: "error",
    why: "Wallet trusts certificates of Apple's WWDR G4 only: the trust chain cannot be verified.",
    remedy: "Sign with a Pass Type ID certificate from Apple, with AppleWWDRCAG4.cer beside it.",
  },
  issuer_sandbox: {
    severity: "error",
    why: "It is signed under the authority of a WePass sandbox: good for trying out, and no phone opens it.",
    remedy:
      "Issue the pass in production with a certificate from Apple. To check it as its sandbox does, trust that authority: --authority with the PEM from /sandbox/authority.pem.",
  },
  certificate_pass_type_mismatch: {
    severity: "error",
    why: "passTypeIdentifier must be that of the certificate (the UID of its subject).",
    remedy: "Use the identifier of the certificate, or the certificate of the identifier.",
  },
  certificate_team_mismatch: {
    severity: "error",
    why: "teamIdentifier must be that of the certificate (the OU of its subject).",
    remedy: "Use the team identifier of the certificate, ten characters.",
  },
  nfc_certificate_required: {
    severity: "error",
    why: "A pass with nfc or personalization.json opens only under an NFC-enabled pass type certificate.",
    remedy: "Ask Apple for an NFC certificate (developer.apple.com/contact/passkit), or take both out.",
  },
  certificate_ec_key: {
    severity: "warning",
    why: "Apple issues RSA certificates; whether devices accept an elliptic key is unproven.",
    remedy: "Make the request with an RSA key of 2048 bits.",
  },
  certificate_key_weak: {
    severity: "warning",
    why: "RSA keys of less than 2048 bits are no longer trusted.",
    remedy: "Make the request with an RSA key of 2048 bits.",
  },
} satisfies Record<string, Cause>;
