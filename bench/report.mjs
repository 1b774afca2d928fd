/** Prints one table of ratios; `judged` says whether goals are held against them. */
export function printRatios(title, rows, { judged }) {
  const cells = rows.map(({ name, median, lower, upper, goal }) => [
    name,
    shown(median),
    `${shown(lower)} … ${shown(upper)}`,
    goal === undefined ? "" : `≥ ${goal}`,
    goal === undefined ? "" : !judged ? "not judged" : median >= goal ? "reached" : "MISSED",
  ]);
  const table = [["", "median", "middle half", "goal", "verdict"], ...cells];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  console.log(`\n${title}`);
  for (const row of table) {
    console.log(
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
        .join("  ")
        .trimEnd(),
    );
  }
  console.log();
}

const shown = (number) => (number >= 10 ? number.toFixed(1) : number.toFixed(number >= 0.1 ? 2 : 3));
