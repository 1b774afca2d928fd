import { fillForm, newPersonalizationToken, verifyToken, type PersonalInfo } from "./enrolment";
import { changedIdentity, inspect, PassRefused, type Fault, type Trust } from "./inspect";
import { keyOf, newlyInstalled, sameFiles, showPass, type InstalledPass, type ShownPass } from "./installed-pass";
import { readListing } from "./listing";
import { changedFields, lockScreenMessage } from "./lock-screen";
import { reports } from "./reports";
import type { Region } from "./shown-value";
import {
  randomHex,
  sameService,
  serviceKey,
  validatorsOf,
  webServiceClient,
  type Device,
  type PhoneFetch,
  type Service,
} from "./web-service";

export interface IphoneOptions {
  fetch: PhoneFetch;
  /** Epoch milliseconds. */
  now: () => number;
  /** DER of authorities that are trusted beside Apple's: that of a sandbox. */
  authorities?: Uint8Array[];
  deviceLibraryIdentifier?: string;
  pushToken?: string;
  region?: Region;
}

/** What became of one pass that the phone asked for. */
export interface Refresh {
  passTypeIdentifier: string;
  serialNumber: string;
  /**
   * `unauthorized`: it is kept and never asked for again. `rejected`: the new file is not taken, the old one
   * kept. `failed`: the server could not be reached or did not work. The last two are tried again with the next poll.
   */
  outcome: "updated" | "unchanged" | "unauthorized" | "rejected" | "failed";
  /** Keys of the fields that have another value. */
  changed: string[];
  /** What the lock screen showed, if anything. */
  message: string | null;
  faults: Fault[];
}

/**
 * A phone with Wallet: opens links, checks what comes as Wallet does, and speaks PassKit's web service. What
 * it is asked to do it does one after another, as Wallet does.
 */
export class Iphone {
  /** What the lock screen showed so far, the oldest first. */
  readonly lockScreen: string[] = [];
  /** What it complained of to web services so far. */
  readonly reported: string[] = [];
  readonly device: Device;
  readonly #options: IphoneOptions;
  readonly #region: Region;
  readonly #client: ReturnType<typeof webServiceClient>;
  readonly #passes = new Map<string, InstalledPass>();
  readonly #tags = new Map<string, string>();
  /** Removed, and not yet unregistered. */
  #leaving: InstalledPass[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: IphoneOptions) {
    const { deviceLibraryIdentifier = randomHex(16), pushToken = randomHex(32) } = options;
    this.#options = options;
    this.#region = options.region ?? { locale: "en-US", timeZone: "UTC" };
    this.device = { deviceLibraryIdentifier, pushToken };
    this.#client = webServiceClient(options.fetch, this.device);
  }

  get wallet(): ShownPass[] {
    const now = this.#options.now();
    return [...this.#passes.values()].map((pass) => showPass(pass, this.#tagOf(pass.service), now, this.#region));
  }

  /** Opens a link in Safari and adds the pass behind it. Throws PassRefused. */
  install(url: string): Promise<ShownPass> {
    return this.#inTurn(async () => {
      const answer = await this.#client.open(url);
      const inspection = await inspect(answer, this.#trust());
      if (!inspection.ok) throw new PassRefused(inspection.faults);
      const fresh = newlyInstalled(inspection.pass, inspection.files, answer);
      const known = this.#passes.get(keyOf(fresh));
      // Added again, it takes the place of the old one; the phone goes on calling as before (Apple, "Updating a Pass").
      const { authenticationToken, service, registration } = known ?? fresh;
      const installed = { ...fresh, authenticationToken, service, registration };
      this.#passes.set(keyOf(installed), installed);
      await this.#registerPending();
      return this.#shown(installed);
    });
  }

  /** What happens on a push for this pass type. */
  push(passTypeIdentifier: string): Promise<Refresh[]> {
    return this.#ask((service) => service.passTypeIdentifier === passTypeIdentifier);
  }

  /** What a phone does by itself every day or so, and after it was offline. */
  poll(): Promise<Refresh[]> {
    return this.#ask(() => true);
  }

  /** Asks for one pass, whether it is said to have changed or not. */
  pullToRefresh(serialNumber: string): Promise<Refresh> {
    return this.#inTurn(async () => {
      await this.#catchUp();
      return this.#refresh(this.#find(serialNumber));
    });
  }

  /** Deletes the pass; unregisters it, now or when the server can be reached again. */
  remove(serialNumber: string): Promise<void> {
    return this.#inTurn(async () => {
      const pass = this.#find(serialNumber);
      this.#passes.delete(keyOf(pass));
      if (!pass.service) return;
      if (!this.#services().some((service) => sameService(service, pass.service!))) {
        this.#tags.delete(serviceKey(pass.service));
      }
      if (pass.registration !== "registered") return;
      this.#leaving.push(pass);
      await this.#unregisterLeaving();
    });
  }

  /** Joins the rewards programme that the pass offers. Throws PassRefused if the server's signature is not the pass's. */
  personalize(serialNumber: string, info: PersonalInfo): Promise<Refresh> {
    return this.#inTurn(async () => {
      const pass = this.#find(serialNumber);
      const requiredPersonalizationInfo = fillForm(pass.files["personalization.json"], info);
      const personalizationToken = newPersonalizationToken();
      const answer = await this.#client.personalize(pass, { personalizationToken, requiredPersonalizationInfo });
      const faults = await verifyToken(answer, personalizationToken, pass);
      if (faults.length > 0) throw new PassRefused(faults);
      return this.#refresh(pass);
    });
  }

  #ask(concerned: (service: Service) => boolean): Promise<Refresh[]> {
    return this.#inTurn(async () => {
      await this.#catchUp();
      const refreshed: Refresh[] = [];
      for (const service of this.#services().filter(concerned)) refreshed.push(...(await this.#update(service)));
      return refreshed;
    });
  }

  async #update(service: Service): Promise<Refresh[]> {
    const tag = this.#tagOf(service);
    const answer = await this.#client.listChanged(service, tag);
    if (answer.status === 204) return [];
    const listing = answer.status === 200 ? readListing(answer.bytes) : null;
    if (!listing) {
      await this.#report(service.url, reports.listing(this.device, service, tag, answer));
      return [];
    }
    if (tag !== null && listing.tag === tag && listing.serialNumbers.length > 0) {
      await this.#report(service.url, reports.sameTag(service, tag, listing.serialNumbers.length));
    }
    const refreshed: Refresh[] = [];
    for (const serialNumber of listing.serialNumbers) {
      const pass = this.#passes.get(keyOf({ ...service, serialNumber }));
      if (pass) refreshed.push(await this.#refresh(pass));
      else await this.#report(service.url, reports.unknownSerial(service, serialNumber));
    }
    // With the old tag the server lists again what could not be had.
    const complete = refreshed.every(({ outcome }) => outcome !== "failed" && outcome !== "rejected");
    if (complete && listing.tag !== null) this.#tags.set(serviceKey(service), listing.tag);
    return refreshed;
  }

  async #refresh(pass: InstalledPass): Promise<Refresh> {
    const { passTypeIdentifier, serialNumber } = pass;
    const outcome = (is: Refresh["outcome"], more: Partial<Refresh> = {}): Refresh => {
      return { passTypeIdentifier, serialNumber, outcome: is, changed: [], message: null, faults: [], ...more };
    };
    if (!pass.service) return outcome("unchanged");
    if (pass.registration === "refused") return outcome("unauthorized");
    const answer = await this.#client.latest(pass);
    if (answer.status === 304) return outcome("unchanged");
    if (answer.status !== 200) {
      if (answer.status === 401) pass.registration = "refused";
      await this.#report(pass.service.url, reports.fetching(pass, answer, []));
      return outcome(answer.status === 401 ? "unauthorized" : "failed");
    }
    const inspection = await inspect(answer, this.#trust());
    const faults = inspection.ok ? changedIdentity(pass.pass, inspection.pass) : inspection.faults;
    if (!inspection.ok || faults.length > 0) {
      await this.#report(pass.service.url, reports.fetching(pass, answer, faults));
      return outcome("rejected", { faults });
    }
    const before = { ...pass };
    Object.assign(pass, { pass: inspection.pass, files: inspection.files, ...validatorsOf(answer) });
    if (sameFiles(before, pass)) {
      if (before.lastModified !== null) await this.#report(pass.service.url, reports.needless(before));
      return outcome("unchanged");
    }
    const message = lockScreenMessage(before.pass, pass.pass, this.#region);
    if (message !== null) this.lockScreen.push(message);
    const changed = changedFields(before.pass, pass.pass).map(({ key }) => key);
    return outcome("updated", { changed, message });
  }

  /** What could not be said while the server was away. */
  async #catchUp(): Promise<void> {
    await this.#unregisterLeaving();
    await this.#registerPending();
  }

  async #registerPending(): Promise<void> {
    for (const pass of this.#passes.values()) {
      if (!pass.service || pass.registration !== "pending") continue;
      const answer = await this.#client.register(pass);
      if (answer.status === 200 || answer.status === 201) pass.registration = "registered";
      else {
        if (answer.status === 401) pass.registration = "refused";
        await this.#report(pass.service.url, reports.registering(this.device, pass, answer));
      }
    }
  }

  async #unregisterLeaving(): Promise<void> {
    const leaving = this.#leaving;
    this.#leaving = [];
    for (const pass of leaving) {
      const answer = await this.#client.unregister(pass);
      if (answer.status === 200) continue;
      if (answer.status === 0 || answer.status >= 500) this.#leaving.push(pass);
      await this.#report(pass.service!.url, reports.unregistering(this.device, pass, answer));
    }
  }

  async #report(serviceUrl: string, message: string): Promise<void> {
    const dated = `[${new Date(this.#options.now()).toISOString()}] ${message}`;
    this.reported.push(dated);
    await this.#client.log(serviceUrl, [dated]);
  }

  /** Each web service and pass type that keeps a pass of this phone up to date. */
  #services(): Service[] {
    const kept = [...this.#passes.values()].filter(({ registration }) => registration === "registered");
    return [...new Map(kept.map(({ service }) => [serviceKey(service!), service!])).values()];
  }

  #find(serialNumber: string): InstalledPass {
    const found = [...this.#passes.values()].find((pass) => pass.serialNumber === serialNumber);
    if (!found) throw new Error(`There is no pass ${serialNumber} on this phone.`);
    return found;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }

  #trust = (): Trust => ({ authorities: this.#options.authorities ?? [], now: this.#options.now() });

  #tagOf = (service: Service | null): string | null => (service && this.#tags.get(serviceKey(service))) ?? null;

  #shown = (pass: InstalledPass): ShownPass =>
    showPass(pass, this.#tagOf(pass.service), this.#options.now(), this.#region);
}
