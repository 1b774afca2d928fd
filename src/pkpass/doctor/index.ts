export { examine } from "./examine";
export type {
  CertificateSummary,
  Examination,
  ExaminationFacts,
  ExaminationOptions,
  ExaminedKind,
  Finding,
  Severity,
} from "./examination";
