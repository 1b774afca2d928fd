import { Layout } from "./layout";
import { PassFront } from "./pass-card";
import { passCss } from "./pass-css";
import type { PassPreview } from "./preview";

interface HomePass {
  title: string;
  style: string;
  url: string;
  preview: PassPreview;
}

const headline = "Passes for Apple\u00a0Wallet and Google\u00a0Wallet, from one API";

/** The first page of a sandbox: what this is, the passes it holds, and one line to issue another. */
export function homePage(input: { publicUrl: string; docsUrl: string; passes: HomePass[]; curl: string | null }) {
  const { publicUrl, docsUrl, passes, curl } = input;
  return (
    <Layout title="WePass sandbox" language="en" css={passCss + homeCss}>
      <header class="home-head">
        <p class="home-mark">WePass</p>
        <nav class="home-links">
          <a href={docsUrl}>API reference</a>
          <a href={`${publicUrl}/v2/openapi.json`}>OpenAPI JSON</a>
        </nav>
      </header>
      <h1 class="home-title">{headline}</h1>
      <p class="home-lead">
        Describe a pass once, as a template, and issue it to people over the API. This is a sandbox: nothing leaves it,
        and its passes are signed under an authority of its own.
      </p>
      {passes.length === 0 ? null : <HomePasses passes={passes} />}
      {curl === null ? null : (
        <section>
          <h2>Issue a pass</h2>
          <p class="quiet">Click the command to select all of it, and run it in a terminal.</p>
          <pre class="home-curl" tabindex={0}>
            {curl}
          </pre>
        </section>
      )}
    </Layout>
  );
}

function HomePasses({ passes }: { passes: HomePass[] }) {
  return (
    <section>
      <h2>Passes in this sandbox</h2>
      <p class="quiet">Open one on this computer, or its link on a phone.</p>
      <ul class="home-passes">
        {passes.map(({ title, style, url, preview }) => (
          <li>
            <a href={url}>
              <div class="home-picture" aria-hidden="true">
                <PassFront preview={preview} />
              </div>
              <span class="home-pass-title" dir="auto">
                {title}
              </span>
              <span class="home-pass-style">{style}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

const homeCss = `
.home-head { display: flex; flex-wrap: wrap; gap: 8px 28px; align-items: baseline; justify-content: space-between; margin-bottom: 72px; }
.home-mark { margin: 0; font-size: 20px; font-weight: 700; letter-spacing: -.02em; }
.home-links { display: flex; gap: 22px; font-size: 15px; }
.home-title { max-width: 21ch; font-size: clamp(34px, 6vw, 52px); line-height: 1.06; letter-spacing: -.028em; }
.home-lead { margin-top: 18px; font-size: 19px; color: var(--quiet); }
.home-passes { display: grid; grid-template-columns: repeat(auto-fill, minmax(170px, 1fr)); gap: 36px 24px; margin: 26px 0 0; padding: 0; list-style: none; }
.home-passes a { display: block; color: inherit; text-decoration: none; }
.home-picture { width: 340px; margin: 0 0 28px; zoom: .5; transition: transform .16s ease-out; }
.home-passes a:hover .home-picture { transform: translateY(-6px); }
.home-pass-title { display: block; font-weight: 600; line-height: 1.3; overflow-wrap: anywhere; }
.home-pass-style { color: var(--quiet); font-size: 14px; }
.home-curl { margin: 14px 0 0; padding: 18px 20px; border: 1px solid var(--line); border-radius: 14px; background: var(--panel); font-size: 14px; line-height: 1.55; white-space: pre-wrap; overflow-wrap: anywhere; user-select: all; -webkit-user-select: all; }
@media (max-width: 520px) { .home-head { margin-bottom: 40px; } .home-passes { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 26px 14px; } .home-picture { zoom: .46; } }
@media (prefers-reduced-motion: reduce) { .home-picture { transition: none; } }
`;
