import { verifySignature } from "./openssl.mjs";
import { openPackage, unlistedFiles } from "./package.mjs";

const MEDIA_TYPE = "application/vnd.apple.pkpass";

/** Downloads a `.pkpass`, proves that it is whole and signed under the sandbox's authority, and answers it, opened. */
export async function checkPackage(api, download, { call, fail, holds, say }, folder) {
  const { type, body: bytes } = await call(api, download, 200);
  holds(type === MEDIA_TYPE, `it is a .pkpass of ${bytes.length} bytes`);
  const opened = openPackage(bytes) ?? fail("the archive cannot be opened");
  const wrong = unlistedFiles(opened);
  if (wrong.length > 0) fail(`manifest.json does not fit ${wrong.join(", ")}`);
  holds(true, `the SHA-1 of each of its ${Object.keys(opened.manifest).length} files stands in manifest.json`);

  const { body: authority } = await call(api, ["GET", "/sandbox/authority.pem"], 200);
  const { signature, "manifest.json": manifest } = opened.files;
  const { verified, said, command } = await verifySignature(folder, { signature, manifest, authority });
  say(`$ ${command}`);
  if (!verified) fail(`OpenSSL does not trust the signature (${said})`);
  holds(true, `OpenSSL trusts the signature: ${said}`);
  return opened;
}
