import type { Examination, ExaminationOptions } from "./examination";

/** Examines a pass, a bundle of passes, a certificate or a key. Never throws, whatever the bytes. */
export async function examine(_file: Uint8Array, _options: ExaminationOptions): Promise<Examination> {
  return { kind: "unknown", findings: [], facts: null, pass: null };
}
