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
  /** Null where an owner named an address that has done nothing here yet: its key is the one that it comes with. */
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

/** Issuers, and who acts for them. */
export interface UserStore {
  issuer: (issuerId: string) => JsonObject | null;
  putIssuer: (issuerId: string, body: JsonObject) => void;
  /** An issuer that goes with the account that made it. */
  makeIssuer: (issuerId: string, body: JsonObject, maker: Account) => void;
  issuersMadeBy: (account: Account) => number;
  /** Issuers that the account is a user of. */
  issuersOf: (account: Account) => JsonObject[];
  /** One for each address. */
  members: (issuerId: string) => Member[];
  putMember: (issuerId: string, member: Member) => void;
  removeMembers: (issuerId: string) => void;
  /** From now on the address is this account, where it had no key; at one issuer, or at all (null). */
  bindMember: (account: Account, issuerId: string | null) => void;

  /** Fingerprint of the key that an address is registered with for an issuer. */
  keyAt: (issuerId: string, email: string) => string | null;
  /** In place of the address's former key there. One that is used for no other issuer leaves all it had to the new one. */
  putAccount: (issuerId: string, account: Account, publicKey: JsonWebKey) => void;
  publicKeys: (email: string) => { fingerprint: string; publicKey: JsonWebKey }[];
  /** Who goes with all that was registered by them. */
  putRegistrant: (issuerId: string, registrant: string) => void;
  /** With the accounts that were registered for it alone, and the issuers that these made. */
  eraseIssuer: (issuerId: string) => void;
  /** Every issuer that nobody else registered. */
  eraseRegistrant: (registrant: string) => void;
  accountOfToken: (tokenHash: string, now: number) => Account | null;
  putToken: (tokenHash: string, account: Account, expiresAt: number, now: number) => void;
}

/** What the simulator remembers. Every call is synchronous, so that nothing happens between two of them. */
export interface Store extends UserStore {
  /** All of what the work writes, or nothing if it throws. */
  atomically: <T>(work: () => T) => T;

  resource: (kind: ResourceKind, id: string) => Resource | null;
  /** A new one. */
  addResource: (resource: Resource) => void;
  putResource: (resource: Resource) => void;
  /** Classes and objects of an issuer. */
  resourceCount: (issuerId: string) => number;
  classesOf: (issuerId: string, vertical: GoogleVertical, after: string, limit: number | null) => Page;
  objectsOf: (classId: string, after: string, limit: number | null) => Page;
  savedObjectsOf: (classId: string) => Resource[];

  /** Newest first, at most 50. */
  notifications: (kind: ResourceKind, id: string) => SentNotification[];
  addNotification: (kind: ResourceKind, id: string, notification: SentNotification) => void;
  callbacks: (objectId: string) => CardCallback[];
  /** Answers its number. */
  addCallback: (objectId: string, callback: CardCallback) => number;
  putCallbackStatus: (callback: number, status: number | null) => void;

  barcodeValues: (objectId: string) => string | null;
  putBarcodeValues: (objectId: string, values: string) => void;
  callbackKeys: () => CallbackKeys | null;
  putCallbackKeys: (keys: CallbackKeys) => void;
}
