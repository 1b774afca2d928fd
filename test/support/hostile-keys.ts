import * as asn1js from "asn1js";
import { fileBytes } from "./apple-files";

/** Files of two kilobytes or less that ask for minutes of work, as nobody's tool writes them. */

const oid = (value: string) => new asn1js.ObjectIdentifier({ value });
const octets = (bytes: Uint8Array) => new asn1js.OctetString({ valueHex: bytes.slice().buffer as ArrayBuffer });
const sequence = (...value: asn1js.BaseBlock[]) => new asn1js.Sequence({ value });
const explicit = (value: asn1js.BaseBlock) =>
  new asn1js.Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [value] });
const bytesOf = (block: asn1js.BaseBlock) => new Uint8Array(block.toBER(false));

const salt = octets(new Uint8Array(8).fill(7));
const manyRounds = new asn1js.Integer({ value: 8_400_000 });
const moreRounds = new asn1js.Integer({ valueHex: Uint8Array.from([1, 0, 0, 8, 0, 0]).buffer });

const hmacWithSha256 = sequence(oid("1.2.840.113549.2.9"), new asn1js.Null());
const aes256 = sequence(oid("2.16.840.1.101.3.4.1.42"), octets(new Uint8Array(16)));
const pbes2 = (derivation: asn1js.BaseBlock) => sequence(oid("1.2.840.113549.1.5.13"), sequence(derivation, aes256));
const pbkdf2 = (rounds: asn1js.Integer) =>
  pbes2(sequence(oid("1.2.840.113549.1.5.12"), sequence(salt, rounds, hmacWithSha256)));
/** N, r and p for 1 GB. */
const scryptCosts = [1_048_576, 8, 1].map((value) => new asn1js.Integer({ value }));

export const slowEncryption = {
  pbkdf2: pbkdf2(manyRounds),
  beyond32Bits: pbkdf2(moreRounds),
  tripleDes: sequence(oid("1.2.840.113549.1.12.1.3"), sequence(salt, manyRounds)),
  scrypt: pbes2(sequence(oid("1.3.6.1.4.1.11591.4.11"), sequence(salt, ...scryptCosts))),
};

/** EncryptedPrivateKeyInfo (RFC 5958 §3) with nothing sensible inside. */
export const encryptedKey = (encryption: asn1js.BaseBlock): Uint8Array =>
  bytesOf(sequence(encryption, octets(new Uint8Array(64).fill(9))));

const data = (content: asn1js.BaseBlock) => sequence(oid("1.2.840.113549.1.7.1"), explicit(octets(bytesOf(content))));

function pkcs12(bags: asn1js.BaseBlock[]): Uint8Array {
  const safe = data(sequence(...bags));
  return bytesOf(sequence(new asn1js.Integer({ value: 3 }), data(sequence(safe))));
}

/** PKCS#12 (RFC 7292 §4) without encryption or MAC, of so many certificates. */
export function pkcs12Of(certificates: number): Uint8Array {
  const x509 = sequence(oid("1.2.840.113549.1.9.22.1"), explicit(octets(fileBytes("pass.cer"))));
  const bag = sequence(oid("1.2.840.113549.1.12.10.1.3"), explicit(x509));
  return pkcs12(Array.from({ length: certificates }, () => bag));
}

/** One of so many keys, each of them encrypted. */
export function pkcs12OfKeys(keys: number, encryption: asn1js.BaseBlock): Uint8Array {
  const shrouded = sequence(encryption, octets(new Uint8Array(64).fill(9)));
  const bag = sequence(oid("1.2.840.113549.1.12.10.1.2"), explicit(shrouded));
  return pkcs12(Array.from({ length: keys }, () => bag));
}

export const fewRounds = pbkdf2(new asn1js.Integer({ value: 1 }));

/** PBES2 with as many rounds as a single key may have. */
export const bearableEncryption = pbkdf2(new asn1js.Integer({ value: 100_000 }));

/** modern.p12 with a MAC of 32,767 rounds, whose number ends the file. */
export function slowMac(): Uint8Array {
  const file = fileBytes("modern.p12");
  file.set([0x7f, 0xff], file.length - 2);
  return file;
}
