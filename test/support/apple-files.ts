import { readPemBlocks } from "../../src/pkpass/pem";
import { appleFileData } from "./apple-files.data";

/** Files as real tools write them; make-apple-files.mjs says how. The password of each is "geheim" unless its name says otherwise. */
export type AppleFile = keyof typeof appleFileData;

export const fileBytes = (name: AppleFile): Uint8Array =>
  Uint8Array.from(atob(appleFileData[name]), (character) => character.charCodeAt(0));

export const fileText = (name: AppleFile): string => new TextDecoder().decode(fileBytes(name));

/** Of a PEM file with one block. */
export const fileDer = (name: AppleFile): Uint8Array => readPemBlocks(fileText(name))[0]!.der;
