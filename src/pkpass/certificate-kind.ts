import type { CertificateFacts } from "./certificate";

/** How Apple names its other certificates (subject common names), for those who picked the wrong one. */
const otherKinds: [RegExp, string][] = [
  [/^(Apple|iPhone|iOS|Mac) (Development|Developer)\b/i, "a certificate for developing apps"],
  [/^(Apple|iPhone|iOS|3rd Party Mac Developer) (Distribution|Application)\b/i, "a certificate for distributing apps"],
  [
    /^(Developer ID|3rd Party Mac Developer|Mac App Distribution|Mac Installer)\b/i,
    "a certificate for distributing apps",
  ],
  [/^Apple (Production |Development |Sandbox )?(IOS |MAC )?Push Services\b/i, "a push certificate of an app"],
  [/^(VoIP Services|WatchKit Services|Website Push ID)\b/i, "a push certificate of another service"],
  [/^(Merchant ID|Apple Pay)\b/i, "a certificate for payments with Apple Pay"],
  [/^Order Type ID\b/i, "a certificate for orders, not for passes"],
];

/** "a push certificate of an app (Apple Push Services: com.example.app)". */
export function certificateKindInWords({ subject, certificateAuthority, selfSigned }: CertificateFacts): string {
  const name = subject.commonName ?? "a certificate without a name";
  const kind = otherKinds.find(([pattern]) => pattern.test(name))?.[1];
  if (kind) return `${kind} (${name})`;
  if (certificateAuthority) return `the certificate of an authority (${name})`;
  return selfSigned ? `a certificate that is signed by itself (${name})` : `a certificate of another kind (${name})`;
}
