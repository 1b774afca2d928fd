/** An examination as people read it: one block per finding, errors first. */

const kinds = {
  pkpass: "a pass",
  pkpasses: "a bundle of passes",
  certificate: "a certificate",
  pkcs12: "a PKCS#12 file",
  private_key: "a private key",
  unknown: "a file of another kind",
};
const order = ["error", "warning", "info"];
const width = 100;

export function report(file, { kind, findings, facts }) {
  const blocks = findings
    .toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
    .map((finding) => block(finding));
  return [`${file}: ${kinds[kind]}${describe(facts)}`, ...blocks, conclude(findings)].join("\n\n");
}

function block({ code, severity, path, seen, why, remedy }) {
  const head = `${severity.toUpperCase().padEnd(7)} ${path ? `${path}  ` : ""}(${code})`;
  return [head, indent("Seen:", seen), indent("Why:", why), indent("Mend:", remedy)].join("\n");
}

function indent(label, text) {
  const words = text.split(/\s+/);
  const lines = [""];
  for (const word of words) {
    const line = lines.at(-1);
    if (line !== "" && line.length + word.length + 1 > width - 9) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.map((line, index) => `  ${(index === 0 ? label : "").padEnd(6)} ${line}`).join("\n");
}

function describe(facts) {
  if (!facts) return "";
  const { passTypeIdentifier, serialNumber, style, passes, certificate } = facts;
  const parts = [
    passes > 1 && `${passes} passes`,
    style,
    passTypeIdentifier,
    serialNumber && `serial number ${serialNumber}`,
    certificate &&
      `certificate from ${certificate.issuer}, until ${certificate.notAfter.slice(0, 10)}, NFC ${certificate.nfc ? "yes" : "no"}`,
  ];
  const known = parts.filter(Boolean);
  return known.length > 0 ? ` (${known.join("; ")})` : "";
}

function conclude(findings) {
  const count = (severity, one, many) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  };
  const counts = [
    ...count("error", "error", "errors"),
    ...count("warning", "warning", "warnings"),
    ...count("info", "note", "notes"),
  ];
  return counts.length === 0 ? "Nothing is wrong with it." : `${counts.join(", ")}.`;
}
