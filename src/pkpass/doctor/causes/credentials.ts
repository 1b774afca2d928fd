import { convertLegacyCommand } from "../../pkcs12";
import type { Cause } from "./cause";

/** Certificates and keys handed in as files, and files that are none of what the doctor knows. */
export const credentialCauses = {
  legacy_pkcs12: {
    severity: "error",
    why: "The file is encrypted as Keychain Access and OpenSSL 1 do it (RC2, triple DES), which is not read any more.",
    remedy: `Convert it: ${convertLegacyCommand}`,
  },
  pkcs12_unsupported: {
    severity: "error",
    why: "The file is protected in a way that is not known here.",
    remedy: `Convert it: ${convertLegacyCommand.replace(" -legacy", "")}`,
  },
  pkcs12_corrupt: {
    severity: "error",
    why: "The file begins as a PKCS#12 does and cannot be read to its end.",
    remedy: "Export it again, and transfer it as binary data.",
  },
  pkcs12_password_missing: {
    severity: "error",
    why: "The file is protected by a password, and none was given.",
    remedy: "Give the password with which it was exported (--password-env NAME, or `password` beside `file`).",
  },
  pkcs12_wrong_password: {
    severity: "error",
    why: "The password does not open the file.",
    remedy: "Give the password with which it was exported.",
  },
  pkcs12_without_certificate: {
    severity: "error",
    why: "There is no certificate in the file, so nothing can be signed with it.",
    remedy: "Export the certificate together with its key: in Keychain Access select both.",
  },
  pkcs12_without_key: {
    severity: "error",
    why: "There is no private key in the file, so nothing can be signed with it.",
    remedy: "Export the certificate together with its key, on the machine where the request was made.",
  },
  pkcs12_without_intermediate: {
    severity: "info",
    why: "The certificate of the issuer is not in the file; a pass needs it beside yours.",
    remedy: "Nothing, if your tool adds AppleWWDRCAG4.cer itself, as WePass does.",
  },
  key_mismatch: {
    severity: "error",
    why: "The private key is not the one that the certificate was made for, so no signature would verify.",
    remedy:
      "Find the key that was made together with the certificate's request, or make a new request and certificate.",
  },
  key_unreadable: {
    severity: "error",
    why: "The private key cannot be used.",
    remedy: "Send it as PKCS#8 or PKCS#1, PEM or DER; openssl pkey -in key.pem shows whether it is whole.",
  },
  key_password_missing: {
    severity: "error",
    why: "The private key is encrypted, and no password was given.",
    remedy: "Give its password (--password-env NAME, or `password` beside `file`).",
  },
  key_wrong_password: {
    severity: "error",
    why: "The password does not open the private key.",
    remedy: "Give the password with which it was encrypted.",
  },
  key_alone: {
    severity: "info",
    why: "A private key signs passes only together with its certificate, which is not in the file.",
    remedy: "Examine both in one file to see whether they belong together: cat certificate.pem key.pem > both.pem",
  },
  certificate_corrupt: {
    severity: "error",
    why: "The certificate cannot be read.",
    remedy: "Download it again from Apple; do not edit it.",
  },
  unknown_file: {
    severity: "error",
    why: "It is no pass, bundle of passes, certificate, PKCS#12 file or private key.",
    remedy: "Hand in a .pkpass, .pkpasses, .cer, .pem, .p12 or .key file as it is.",
  },
  findings_cut: {
    severity: "info",
    why: "There is more wrong with the file than is listed here.",
    remedy: "Mend what is listed, and examine the file again.",
  },
} satisfies Record<string, Cause>;
