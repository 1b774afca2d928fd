import * as asn1js from "asn1js";
import { attempt } from "../attempt";

/** Reads a CMS SignedData (RFC 5652 §5.1) as far as a pass needs it, keeping the bytes as they stand. */

export interface SignedData {
  /** The signed content, if it is inside (not detached). */
  hasContent: boolean;
  /** DER. */
  certificates: Uint8Array[];
  signers: SignerInfo[];
  /** Lengths are left open somewhere at the top, which DER forbids. */
  isIndefinite: boolean;
}

export interface SignerInfo {
  /** Tells whether a certificate (DER) is that of the signer. */
  matches: (certificate: Uint8Array) => boolean;
  digestAlgorithm: string;
  signatureAlgorithm: string;
  signature: Uint8Array;
  /** Null if the signature is over the content itself. */
  attributes: SignedAttributes | null;
}

interface SignedAttributes {
  /** As a SET OF, which is what is signed, in the order in which they stand and in DER's. */
  asEmbedded: Uint8Array;
  sorted: Uint8Array;
  isSorted: boolean;
  messageDigest: Uint8Array | null;
  /** Epoch milliseconds. */
  signingTime: number | null;
}

const oid = {
  signedData: "1.2.840.113549.1.7.2",
  messageDigest: "1.2.840.113549.1.9.4",
  signingTime: "1.2.840.113549.1.9.5",
};

type Block = asn1js.BaseBlock;

/** Null for anything else. Never throws. */
export function readSignedData(bytes: Uint8Array): SignedData | null {
  return attempt(() => parse(bytes));
}

function parse(bytes: Uint8Array): SignedData | null {
  const { result, offset } = asn1js.fromBER(bytes);
  if (offset !== bytes.length) return null;
  const [type, wrapped] = children(result);
  if (type === undefined || wrapped === undefined || oidOf(type) !== oid.signedData) return null;
  const signedData = children(wrapped)[0]!;
  const [, , content, ...rest] = children(signedData);
  const certificates = rest.find((block) => isContext(block, 0));
  const signers = rest.at(-1)!;
  if (!(content instanceof asn1js.Sequence) || !(signers instanceof asn1js.Set)) return null;
  return {
    hasContent: children(content).length > 1,
    certificates: (certificates ? children(certificates) : [])
      .filter((block) => block instanceof asn1js.Sequence)
      .map((block) => block.valueBeforeDecodeView),
    signers: children(signers).map(readSigner),
    isIndefinite: [result, signedData].some((block) => block.lenBlock.isIndefiniteForm),
  };
}

function readSigner(block: Block): SignerInfo {
  const [, identifier, digestAlgorithm, ...rest] = children(block);
  const attributes = isContext(rest[0]!, 0) ? rest.shift()! : null;
  const [signatureAlgorithm, signature] = rest;
  return {
    matches: (certificate) => attempt(() => isNamed(identifier!, certificate)) ?? false,
    digestAlgorithm: oidOf(children(digestAlgorithm!)[0]!),
    signatureAlgorithm: oidOf(children(signatureAlgorithm!)[0]!),
    signature: (signature as asn1js.OctetString).valueBlock.valueHexView,
    attributes: attributes && readAttributes(attributes),
  };
}

/** By issuer and serial number, or by the subject key identifier (RFC 5652 §5.3). */
function isNamed(identifier: Block, certificate: Uint8Array): boolean {
  const fields = children(children(asn1js.fromBER(certificate).result)[0]!);
  const [serial, , issuer] = isContext(fields[0]!, 0) ? fields.slice(1) : fields;
  if (identifier instanceof asn1js.Sequence) {
    const [wantedIssuer, wantedSerial] = children(identifier);
    return sameBytes(issuer!, wantedIssuer!) && sameBytes(serial!, wantedSerial!);
  }
  const keyIdentifier = (identifier as asn1js.Primitive).valueBlock.valueHexView;
  const extensions = fields.find((field) => isContext(field, 3));
  const subjectKeyIdentifier =
    extensions &&
    children(children(extensions)[0]!).find((extension) => oidOf(children(extension)[0]!) === "2.5.29.14");
  const value = subjectKeyIdentifier && (children(subjectKeyIdentifier).at(-1) as asn1js.OctetString);
  return value !== undefined && toText(value.valueBlock.valueHexView.subarray(2)) === toText(keyIdentifier);
}

function readAttributes(block: Block): SignedAttributes {
  const attributes = children(block);
  const encoded = attributes.map((attribute) => attribute.valueBeforeDecodeView);
  const sorted = encoded.toSorted(compareBytes);
  const valueOf = (type: string): Block | undefined => {
    const attribute = attributes.find((each) => oidOf(children(each)[0]!) === type);
    return attribute && children(children(attribute)[1]!)[0];
  };
  const digest = valueOf(oid.messageDigest);
  const time = valueOf(oid.signingTime);
  return {
    asEmbedded: setOf(encoded),
    sorted: setOf(sorted),
    isSorted: encoded.every((bytes, index) => bytes === sorted[index]),
    messageDigest: digest instanceof asn1js.OctetString ? digest.valueBlock.valueHexView : null,
    signingTime: time instanceof asn1js.UTCTime ? time.toDate().getTime() : null,
  };
}

/** Signed with the tag of a SET OF, embedded with that of [0] (RFC 5652 §5.4). */
function setOf(encoded: Uint8Array[]): Uint8Array {
  const length = encoded.reduce((sum, bytes) => sum + bytes.length, 0);
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  const bytes = new Uint8Array(1 + head.length + length);
  bytes.set([0x31, ...head]);
  let at = 1 + head.length;
  for (const part of encoded) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const differing = a.findIndex((byte, index) => byte !== b[index]);
  return differing < 0 ? a.length - b.length : a[differing]! - (b[differing] ?? -1);
}

/** Without the marks that end a block of open length. */
const children = (block: Block): Block[] => {
  const value: unknown = (block.valueBlock as { value?: unknown }).value;
  return Array.isArray(value) ? (value as Block[]).filter((child) => !(child instanceof asn1js.EndOfContent)) : [];
};

const isContext = (block: Block, tag: number): boolean =>
  block.idBlock.tagClass === 3 && block.idBlock.tagNumber === tag;

const oidOf = (block: Block): string => (block instanceof asn1js.ObjectIdentifier ? block.valueBlock.toString() : "");

const toText = (bytes: Uint8Array): string => bytes.join();

const sameBytes = (a: Block, b: Block): boolean => toText(a.valueBeforeDecodeView) === toText(b.valueBeforeDecodeView);
