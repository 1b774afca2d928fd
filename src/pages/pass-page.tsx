import { Layout } from "./layout";
import { PassCard } from "./pass-card";
import { passCss } from "./pass-css";
import type { PassPreview } from "./preview";
import { wordsFor } from "./words";

/** What a person sees who opens the link of a pass in a browser. */
export function passPage(input: {
  preview: PassPreview;
  language: string;
  appleUrl: string | null;
  googleUrl: string | null;
}) {
  const { preview, language, appleUrl, googleUrl } = input;
  const words = wordsFor(language);
  const hasWallet = appleUrl !== null || googleUrl !== null;
  return (
    <Layout title={`${preview.description} – ${preview.organizationName}`} language={words.language} css={passCss}>
      {preview.state === "active" ? null : (
        <p class="notice" role="status">
          {preview.state === "voided" ? words.voidNotice : words.expiredNotice}
        </p>
      )}
      <PassCard preview={preview} words={words} />
      <nav class="actions">
        {appleUrl === null ? null : (
          <a class="button" href={appleUrl}>
            {words.addToApple}
          </a>
        )}
        {googleUrl === null ? null : (
          <a class="button" href={googleUrl} rel="nofollow">
            {words.addToGoogle}
          </a>
        )}
      </nav>
      <ul class="hints">
        {appleUrl === null ? null : <li>{words.appleHint}</li>}
        {googleUrl === null ? null : <li>{words.googleHint}</li>}
        <li>{hasWallet ? words.computerHint : words.noWalletHint}</li>
      </ul>
    </Layout>
  );
}

/** The drawn pass alone, front and back. */
export function previewPage({ preview, language }: { preview: PassPreview; language: string }) {
  const words = wordsFor(language);
  return (
    <Layout title={preview.description} language={words.language} css={passCss}>
      <PassCard preview={preview} words={words} />
    </Layout>
  );
}
