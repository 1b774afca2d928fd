import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Calls `use(path)` with a file of the secrets as JSON that only its owner can read; the file is gone afterwards. */
export async function withSecretsFile(secrets, use) {
  const folder = await mkdtemp(join(tmpdir(), "wepass-secrets-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // Without a listener Ctrl-C would end us before `finally`; the program we wait for gets the signal, too, and ends.
  for (const signal of SIGNALS) process.on(signal, remove);
  try {
    const path = join(folder, "secrets.json");
    await writeFile(path, JSON.stringify(secrets), { mode: 0o600, flag: "wx" });
    return await use(path);
  } finally {
    remove();
    for (const signal of SIGNALS) process.off(signal, remove);
  }
}
