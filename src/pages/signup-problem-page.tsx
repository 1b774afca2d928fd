import { Layout } from "./layout";
import { type SignupTrouble, wordsFor } from "./words";

/** Shown in place of the tenant's sign-up page where nobody can be led there. */
export function signupProblemPage(trouble: SignupTrouble, language: string) {
  const words = wordsFor(language);
  const { title, text } = words.signup[trouble];
  return (
    <Layout title={title} language={words.language} kind="text">
      <h1>{title}</h1>
      <p>{text}</p>
    </Layout>
  );
}
