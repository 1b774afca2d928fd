import { describe, expect, it } from "vitest";
import { takesPkpass } from "../../src/http/user-agent";

const agents: [string, string, boolean][] = [
  [
    "Safari on an iPhone",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    true,
  ],
  ["Wallet itself", "passd/1.0 CFNetwork/1568.100.1 Darwin/24.0.0", true],
  [
    "Chrome on an iPhone",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1",
    false,
  ],
  [
    "Instagram's browser on an iPhone",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 390.0",
    false,
  ],
  [
    "Safari on a Mac, as which an iPad poses",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
    false,
  ],
  [
    "Chrome on Android",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
    false,
  ],
  ["curl", "curl/8.5.0", false],
  ["nothing", "", false],
];

describe("who gets the file from the universal link", () => {
  it.each(agents)("%s", (_, userAgent, expected) => {
    expect(takesPkpass(userAgent)).toBe(expected);
  });
});
