import type { Json, JsonObject } from "../../pass-model/resolved-pass";
import { isInstant } from "../../pass-model/scalars";
import { objectsIn } from "../apple-json";
import type { Finding } from "./examination";
import { found, show } from "./finding";
import { at, checkDate } from "./members";

/** When and where a pass comes up, and until when it is good (Apple, Pass: relevance and expiry). */

const locationsMax = 10;
const intervalMaxMilliseconds = 86_400_000;

export function checkRelevance(pass: JsonObject, now: number): Finding[] {
  const locations = objectsIn(pass.locations);
  const tooMany = locations.length > locationsMax;
  const findings = [
    ...locations.flatMap(({ object, index }) => checkLocation(object, index)),
    ...(tooMany ? [found("locations_too_many", at("locations"), `${locations.length} locations`)] : []),
    ...objectsIn(pass.beacons).flatMap(({ object, index }) => checkBeacon(object, index)),
    ...objectsIn(pass.relevantDates).flatMap(({ object, index }) => checkRelevantDate(object, index)),
  ];
  const { expirationDate, voided } = pass;
  if (typeof expirationDate === "string" && isInstant(expirationDate) && Date.parse(expirationDate) < now) {
    findings.push(found("pass_expired", at("expirationDate"), expirationDate));
  }
  if (voided === true) findings.push(found("pass_voided", at("voided"), "true"));
  return findings;
}

function checkLocation({ latitude, longitude }: JsonObject, index: number): Finding[] {
  const isRight = isDegrees(latitude, 90) && isDegrees(longitude, 180);
  const seen = `latitude ${show(latitude)}, longitude ${show(longitude)}`;
  return isRight ? [] : [found("location_invalid", at("locations", index), seen)];
}

/** A null is told by itself. */
const isDegrees = (json: Json | undefined, limit: number): boolean =>
  json === null || (typeof json === "number" && Math.abs(json) <= limit);

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function checkBeacon({ proximityUUID, major, minor }: JsonObject, index: number): Finding[] {
  const isUuid = proximityUUID === null || (typeof proximityUUID === "string" && uuid.test(proximityUUID));
  if (isUuid && isShort(major) && isShort(minor)) return [];
  const seen = `proximityUUID ${show(proximityUUID)}, major ${show(major)}, minor ${show(minor)}`;
  return [found("beacon_invalid", at("beacons", index), seen)];
}

const isShort = (json: Json | undefined): boolean =>
  json === undefined || json === null || (Number.isInteger(json) && Number(json) >= 0 && Number(json) <= 0xffff);

/** iOS 18 called a single date `relevantDate`, iOS 26 calls it `date`. */
function checkRelevantDate(entry: JsonObject, index: number): Finding[] {
  const path = (member: string) => at("relevantDates", index, member);
  const { date, relevantDate, startDate, endDate } = entry;
  const hasDate = date !== undefined || relevantDate !== undefined;
  const hasInterval = startDate !== undefined && endDate !== undefined;
  if (!hasDate && !hasInterval) return [found("relevant_date_invalid", at("relevantDates", index), show(entry))];
  const dates = ["date", "relevantDate", "startDate", "endDate"].flatMap((name) => checkDate(entry[name], path(name)));
  if (dates.length > 0 || typeof startDate !== "string" || typeof endDate !== "string") return dates;
  const milliseconds = Date.parse(endDate) - Date.parse(startDate);
  if (milliseconds > 0 && milliseconds <= intervalMaxMilliseconds) return [];
  return [found("relevant_interval_invalid", at("relevantDates", index), `from ${startDate} to ${endDate}`)];
}
