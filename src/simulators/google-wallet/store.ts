import type { JsonObject } from "../../pass-model/resolved-pass";
import type { GoogleVertical } from "../../pass-model/vocabulary";
import type { CallbackKeys, CardCallback, CardNotification } from "./contract";

export type ResourceKind = "class" | "object";

export interface Resource {
  kind: ResourceKind;
  vertical: GoogleVertical;
  /** `<issuerId>.<suffix>`; unique among all classes, or all objects, whatever their vertical, and never free again. */
  id: string;
  issuerId: string;
  /** Of objects. */
  classId: string | null;
  body: JsonObject;
  /** Whether the simulated holder has it; classes are never saved. */
  saved: boolean;
}

/** An address proves nothing: who signs with another key is another account. */
export interface Account {
  email: string;
  /** Of its public key. */
  fingerprint: string;
}

export type Role = "OWNER" | "WRITER" | "READER";

export interface Member {
  email: string;
  /** Null where an owner named an address: any key of that address will do. */
  fingerprint: string | null;
  role: Role;
}

export interface SentNotification extends CardNotification {
  /** Nobody sees what is sent to a pass that is not saved, and it counts all the same. */
  shown: boolean;
}

export interface Page {
  resources: Resource[];
  /** Id of the last one, if there are more. */
  after: string | null;
}

/** What the simulator remembers. Every call is synchronous, so that nothing happens between two of them. */
export interface Store {
  /** All of what the work writes, or nothing if it throws. */
  atomically: <T>(work: () => T) => T;

  issuer: (issuerId: string) => JsonObject | null;
  putIssuer: (issuerId: string, body: JsonObject) => void;
  /** Issuers that the account is a user of. */
  issuersOf: (account: Account) => JsonObject[];
  members: (issuerId: string) => Member[];
  putMember: (issuerId: string, member: Member) => void;
  removeMember: (issuerId: string, email: string) => void;
  eraseIssuer: (issuerId: string) => void;

  publicKeys: (email: string) => { fingerprint: string; publicKey: JsonWebKey }[];
  putAccount: (account: Account, publicKey: JsonWebKey) => void;
  accountOfToken: (tokenHash: string, now: number) => Account | null;
  putToken: (tokenHash: string, account: Account, expiresAt: number, now: number) => void;

  resource: (kind: ResourceKind, id: string) => Resource | null;
  putResource: (resource: Resource) => void;
  classesOf: (issuerId: string, vertical: GoogleVertical, after: string, limit: number | null) => Page;
  objectsOf: (classId: string, after: string, limit: number | null) => Page;
  savedObjectsOf: (classId: string) => Resource[];

  /** Newest first, at most 50. */
  notifications: (kind: ResourceKind, id: string) => SentNotification[];
  addNotification: (kind: ResourceKind, id: string, notification: SentNotification) => void;
  callbacks: (objectId: string) => CardCallback[];
  addCallback: (objectId: string, callback: CardCallback) => void;

  barcodeValues: (objectId: string) => string | null;
  putBarcodeValues: (objectId: string, values: string) => void;
  putSmartTap: (issuerId: string, id: string, body: JsonObject) => void;
  callbackKeys: () => CallbackKeys | null;
  putCallbackKeys: (keys: CallbackKeys) => void;
}
