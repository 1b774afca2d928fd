const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const PLACEHOLDER = /(^|\.)example\.(com|net|org)$/;

/** Why this environment must not be deployed with this PUBLIC_URL, as one sentence, or null. */
export function publicUrlProblem(env, publicUrl, { fromOption = false } = {}) {
  const url = URL.canParse(publicUrl ?? "") ? new URL(publicUrl) : null;
  if (fromOption && (url?.protocol !== "https:" || url.origin !== publicUrl.replace(/\/$/, ""))) {
    return `--public-url takes an https address without a path, such as https://passes.your-domain.com, not "${publicUrl}".`;
  }
  if (env !== "production") return null;
  if (url?.protocol !== "https:" || PLACEHOLDER.test(url.hostname)) {
    return (
      `PUBLIC_URL of production is "${publicUrl ?? ""}", and passes keep the address they were issued with: ` +
      `set it under [env.production.vars] in wrangler.toml, or give --public-url https://….`
    );
  }
  return null;
}

export function isLoopback(publicUrl) {
  return URL.canParse(publicUrl ?? "") && LOOPBACK.test(new URL(publicUrl).hostname);
}
