import { Layout } from "./layout";
import { wordsFor } from "./words";

/** Shown while a wallet does not take the pass. Where it tries again, the answer's Refresh header does. */
export function waitingPage({ language, triesAgain }: { language: string; triesAgain: boolean }) {
  const words = wordsFor(language);
  const { title, text } = triesAgain ? words.notYet : words.notTaken;
  return (
    <Layout title={title} language={words.language} kind="text">
      <h1>{title}</h1>
      <p role="status">{text}</p>
    </Layout>
  );
}
