import { Layout } from "./layout";

/** The page that the `type` of a problem document points to. */
export function problemPage(input: { code: string; title: string; status: number; meaning: string; remedy: string }) {
  const { code, title, status, meaning, remedy } = input;
  return (
    <Layout title={`${title} (${code})`} language="en" kind="text" noindex={false} css={problemCss}>
      <p class="kicker">
        HTTP {status} <code class="problem-code">{code}</code>
      </p>
      <h1>{title}</h1>
      <h2>What it means</h2>
      <p>{meaning}</p>
      <h2>What to do</h2>
      <p>{remedy}</p>
    </Layout>
  );
}

const problemCss = `
.problem-code { margin-inline-start: 6px; padding: 3px 8px; border: 1px solid var(--line); border-radius: 7px; background: var(--panel); color: var(--ink); font-size: 13px; font-weight: 400; }
main.is-text h2 { margin-top: 32px; }
`;
