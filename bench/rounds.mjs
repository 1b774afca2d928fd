/**
 * Lets all contestants run in turn, round after round, so that whatever slows the machine slows them all:
 * many short rounds rather than a few long ones.
 * Each is a function that answers its operations per second. The first round warms up and is thrown away.
 * Answers the rates by name, one for each round.
 */
export async function runRounds(contestants, rounds) {
  const rates = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, measure] of Object.entries(contestants)) {
      const rate = await measure();
      if (round > 0) rates[name].push(rate);
    }
  }
  return rates;
}

/** Compared round by round, for two rates of one round saw the same machine. */
export function ratio(rates, name, base) {
  const ratios = rates[name].map((rate, round) => rate / rates[base][round]).sort((a, b) => a - b);
  const at = (share) => ratios[Math.floor((ratios.length - 1) * share)];
  return { median: at(0.5), lower: at(0.25), upper: at(0.75) };
}
