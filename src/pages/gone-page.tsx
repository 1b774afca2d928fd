import { Layout } from "./layout";
import { type GoneReason, wordsFor } from "./words";

/** The page behind a link that leads to no pass any more: what happened, and whom to ask. */
export function gonePage(reason: GoneReason, language = "en") {
  const words = wordsFor(language);
  const { title, text } = words.gone[reason];
  return (
    <Layout title={title} language={words.language} kind="text" css={goneCss}>
      <svg class="gone-card" viewBox="0 0 96 64" aria-hidden="true" focusable="false">
        <rect x="2" y="2" width="92" height="60" rx="9" />
        <path d="M14 20h30M14 31h18M14 50h68" />
      </svg>
      <h1>{title}</h1>
      <p>{text}</p>
    </Layout>
  );
}

const goneCss = `
.gone-card { width: 96px; margin: 0 0 24px; fill: none; stroke: var(--quiet); stroke-width: 3; stroke-linecap: round; stroke-dasharray: 7 6; }
`;
