import * as asn1js from "asn1js";
import * as pkijs from "pkijs";
import { oid } from "./apple-oids";

/** The members of a name that a pass certificate's meaning rests on; null where the name has none. */
export interface NameParts {
  commonName: string | null;
  organizationalUnit: string | null;
  organization: string | null;
  country: string | null;
  userId: string | null;
}

/** By OID, the string type that RFC 5280 §A.1 wants; UTF8String for the rest. */
const stringTypes: Record<string, typeof asn1js.PrintableString | typeof asn1js.IA5String> = {
  [oid.countryName]: asn1js.PrintableString,
  [oid.emailAddress]: asn1js.IA5String,
};

/**
 * RFC 5280 §4.1.2.4: a sequence of sets of one attribute each. pkijs would write all attributes into one set,
 * unsorted, so the encoding is made here and handed to it.
 */
export function distinguishedName(attributes: [type: string, value: string][]): pkijs.RelativeDistinguishedNames {
  const sets = attributes.map(([type, value]) => {
    const text = new (stringTypes[type] ?? asn1js.Utf8String)({ value });
    return new asn1js.Set({ value: [new pkijs.AttributeTypeAndValue({ type, value: text }).toSchema()] });
  });
  return pkijs.RelativeDistinguishedNames.fromBER(new asn1js.Sequence({ value: sets }).toBER(false));
}

export function readName(name: pkijs.RelativeDistinguishedNames): NameParts {
  const valueOf = (type: string): string | null => {
    const found = name.typesAndValues.find((attribute) => attribute.type === type);
    const value: unknown = found?.value.valueBlock.value;
    return typeof value === "string" ? value : null;
  };
  return {
    commonName: valueOf(oid.commonName),
    organizationalUnit: valueOf(oid.organizationalUnit),
    organization: valueOf(oid.organizationName),
    country: valueOf(oid.countryName),
    userId: valueOf(oid.userId),
  };
}
