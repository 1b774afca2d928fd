import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Makes apple-files.data.ts: certificates, keys and PKCS#12 files as OpenSSL 3 writes them, shaped as Apple's are
 * (a stand-in for Apple's intermediate issues them, and signs nothing real). Run by hand, when one more is needed:
 * `npm exec -- node test/support/make-apple-files.mjs`. Everything is made anew, so the whole file changes.
 */

const folder = mkdtempSync(join(tmpdir(), "apple-files-"));
const openssl = (...args) => execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
const write = (name, text) => writeFileSync(join(folder, name), text);

const wide = { from: "20250101000000Z", until: "21241231235959Z" };
const passType = "pass.com.example.fern";
const team = "A1B2C3D4E5";

write(
  "openssl.cnf",
  `oid_section = oids
[oids]
applePassType = 1.2.840.113635.100.6.1.16
applePassSigning = 1.2.840.113635.100.4.14
[ca]
default_ca = any
[any]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = anything
unique_subject = no
email_in_dn = no
[anything]
UID = optional
CN = optional
OU = optional
O = optional
C = optional
[authority]
basicConstraints = critical,CA:true,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[pass]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,clientAuth,applePassSigning
applePassType = ASN1:UTF8String:${passType}
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[other_type]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,clientAuth,applePassSigning
applePassType = ASN1:UTF8String:pass.com.example.other
[coffee]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,clientAuth,applePassSigning
applePassType = ASN1:UTF8String:pass.com.example.coffee
[app]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,codeSigning
[push]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,clientAuth
[req]
distinguished_name = empty
[empty]
`,
);
write("index", "");
write("serial", "1000");

/** An authority, self-signed. */
function makeAuthority(name, subject, { from, until } = wide) {
  openssl("genrsa", "-out", `${name}.key`, "2048");
  openssl("req", "-new", "-config", "openssl.cnf", "-key", `${name}.key`, "-subj", subject, "-out", `${name}.csr`);
  const dates = ["-startdate", from, "-enddate", until];
  const own = [
    "-selfsign",
    "-keyfile",
    `${name}.key`,
    "-in",
    `${name}.csr`,
    "-out",
    `${name}.pem`,
    "-extensions",
    "authority",
  ];
  openssl("ca", "-batch", "-notext", "-preserveDN", "-config", "openssl.cnf", ...own, ...dates);
}

function issue(
  name,
  subject,
  { key = "leaf", by = "wwdr", extensions = "pass", from = wide.from, until = wide.until } = {},
) {
  openssl("req", "-new", "-config", "openssl.cnf", "-key", `${key}.key`, "-subj", subject, "-out", `${name}.csr`);
  const issuer = ["-cert", `${by}.pem`, "-keyfile", `${by}.key`];
  const dates = ["-startdate", from, "-enddate", until];
  const files = ["-in", `${name}.csr`, "-out", `${name}.pem`, "-extensions", extensions];
  openssl("ca", "-batch", "-notext", "-preserveDN", "-config", "openssl.cnf", ...issuer, ...files, ...dates);
}

const subjectOf = ({ uid = passType, cn = `Pass Type ID: ${uid}`, ou = team } = {}) =>
  [uid && `/UID=${uid}`, `/CN=${cn}`, ou && `/OU=${ou}`, "/O=Fern and Finch Coffee", "/C=US"].filter(Boolean).join("");
const wwdrName = (generation) =>
  `/CN=Apple Worldwide Developer Relations Certification Authority/OU=${generation}/O=Apple Inc./C=US`;

makeAuthority("wwdr", "/CN=Test Worldwide Developer Relations/OU=G4/O=Test/C=US");
// Named as the first, and not it.
makeAuthority("impostor", "/CN=Test Worldwide Developer Relations/OU=G4/O=Test/C=US");
makeAuthority("g3", wwdrName("G3"));
makeAuthority("expiredWwdr", "/CN=Test Worldwide Developer Relations/OU=G1/O=Test/C=US", {
  from: "20130207000000Z",
  until: "20230207000000Z",
});

for (const name of ["leaf", "other"]) openssl("genrsa", "-out", `${name}.key`, "2048");
openssl("genrsa", "-out", "short.key", "1024");
openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "elliptic.key");
openssl("ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", "p384.key");
openssl("genpkey", "-algorithm", "ed25519", "-out", "ed25519.key");
openssl("dsaparam", "-genkey", "-noout", "-out", "dsa.key", "1024");

issue("pass", subjectOf());
issue("renewed", subjectOf());
issue("nfc", subjectOf({ cn: `Pass Type ID with NFC: ${passType}` }));
issue("coffee", subjectOf({ uid: "pass.com.example.coffee" }), { key: "other", extensions: "coffee" });
issue("otherTeam", subjectOf({ ou: "Z9Y8X7W6V5" }));
issue("elliptic", subjectOf(), { key: "elliptic" });
issue("short", subjectOf(), { key: "short" });
issue("expired", subjectOf(), { from: "20240101000000Z", until: "20250101000000Z" });
issue("notYetValid", subjectOf(), { from: "21200101000000Z" });
issue("withoutUid", subjectOf({ uid: "", cn: `Pass Type ID: ${passType}` }));
issue("withoutTeam", subjectOf({ ou: "" }));
issue("otherType", subjectOf(), { extensions: "other_type" });
issue("underG3", subjectOf(), { by: "g3" });
issue("underImpostor", subjectOf(), { by: "impostor" });
issue("underExpired", subjectOf(), { by: "expiredWwdr" });
issue("development", subjectOf({ uid: "K7X2M9QA4T", cn: "Apple Development: Zoe Fern (K7X2M9QA4T)" }), {
  extensions: "app",
});
issue("push", subjectOf({ uid: "com.example.app", cn: "Apple Push Services: com.example.app" }), {
  extensions: "push",
});
openssl(
  "req",
  "-x509",
  "-config",
  "openssl.cnf",
  "-key",
  "leaf.key",
  "-subj",
  subjectOf(),
  "-days",
  "36500",
  "-extensions",
  "push",
  "-out",
  "selfMade.pem",
);

const leaf = ["-in", "leaf.key"];
openssl("pkcs8", "-topk8", "-nocrypt", ...leaf, "-out", "pkcs8.pem");
openssl("rsa", "-traditional", ...leaf, "-out", "pkcs1.pem");
openssl("pkcs8", "-topk8", "-nocrypt", ...leaf, "-outform", "DER", "-out", "pkcs8.der");
openssl("rsa", "-traditional", ...leaf, "-outform", "DER", "-out", "pkcs1.der");
openssl("pkcs8", "-topk8", ...leaf, "-passout", "pass:geheim", "-out", "encrypted.pem");
openssl("pkcs8", "-topk8", ...leaf, "-passout", "pass:geheim", "-outform", "DER", "-out", "encrypted.der");
openssl("pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES", ...leaf, "-passout", "pass:geheim", "-out", "encrypted3des.pem");
openssl("pkcs8", "-topk8", "-scrypt", ...leaf, "-passout", "pass:geheim", "-out", "encryptedScrypt.pem");
openssl("rsa", "-traditional", "-aes256", ...leaf, "-passout", "pass:geheim", "-out", "traditional.pem");
openssl("rsa", "-traditional", "-des3", ...leaf, "-passout", "pass:geheim", "-out", "traditional3des.pem");
openssl("rsa", "-pubout", ...leaf, "-out", "public.pem");
openssl("pkcs8", "-topk8", "-nocrypt", "-in", "elliptic.key", "-out", "ellipticPkcs8.pem");
openssl("ec", "-in", "elliptic.key", "-outform", "DER", "-out", "sec1.der");
openssl("x509", "-in", "pass.pem", "-outform", "DER", "-out", "pass.cer");

const p12 = (name, ...args) => openssl("pkcs12", "-export", "-out", `${name}.p12`, ...args);
const pair = ["-inkey", "leaf.key", "-in", "pass.pem"];
const password = ["-passout", "pass:geheim"];
p12("modern", ...pair, ...password);
p12("withChain", ...pair, "-certfile", "wwdr.pem", "-name", "Pass Type ID", ...password);
p12("emptyPassword", ...pair, "-passout", "pass:");
p12("accented", ...pair, "-passout", "pass:Straße");
p12("withoutMac", ...pair, "-nomac", ...password);
p12("unencrypted", ...pair, "-keypbe", "NONE", "-certpbe", "NONE", ...password);
p12("sha512Mac", ...pair, "-macalg", "sha512", "-iter", "10000", ...password);
p12("keyOnly", "-inkey", "leaf.key", "-nocerts", ...password);
p12("certificateOnly", "-nokeys", "-in", "pass.pem", ...password);
p12("legacy", ...pair, "-legacy", ...password);
p12("tripleDes", ...pair, "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1", ...password);
// The certificate modern, and the key not.
p12("legacyKey", ...pair, "-keypbe", "PBE-SHA1-3DES", ...password);
p12("manyIterations", ...pair, "-iter", "600000", ...password);

const certificates =
  "wwdr impostor g3 expiredWwdr selfMade development push underG3 underImpostor underExpired pass renewed nfc coffee otherTeam elliptic short expired notYetValid withoutUid withoutTeam otherType";
const keys =
  "pkcs8.pem pkcs8.der pkcs1.pem pkcs1.der encrypted.pem encrypted.der encrypted3des.pem encryptedScrypt.pem traditional.pem traditional3des.pem public.pem other.key short.key elliptic.key ellipticPkcs8.pem sec1.der p384.key ed25519.key dsa.key";
const archives =
  "modern withChain emptyPassword accented withoutMac unencrypted sha512Mac keyOnly certificateOnly legacy tripleDes legacyKey manyIterations";
const exported = [
  ...certificates.split(" ").map((name) => `${name}.pem`),
  "pass.cer",
  "pass.csr",
  ...keys.split(" "),
  ...archives.split(" ").map((name) => `${name}.p12`),
];
const members = exported.map(
  (name) => `  ${JSON.stringify(name)}: ${JSON.stringify(readFileSync(join(folder, name)).toString("base64"))},`,
);
const text = `/** Made by make-apple-files.mjs: base64 of each file. The keys are for tests and guard nothing. */
export const appleFileData = {
${members.join("\n")}
};
`;
writeFileSync(new URL("apple-files.data.ts", import.meta.url), text);
rmSync(folder, { recursive: true });
