import { circle, intersect, linear, path, place, polygon, stroke, subtract, union } from "../draw.mjs";

/** Solvane Air: a tail fin with a sun rising behind it; the route of a flight as its footer. */

const sun = [
  [0, "#ffd27a"],
  [1, "#ff8a4c"],
];

export const airline = {
  icon(canvas) {
    canvas.clear(
      linear(
        [0, 0],
        [0, 38],
        [
          [0, "#1c5d99"],
          [1, "#0b2545"],
        ],
      ),
    );
    drawMark(canvas, { x: 19, y: 19, scale: 0.86 });
  },

  logo(canvas) {
    drawMark(canvas, { x: 25, y: 25, scale: 1.22 });
  },

  footer(canvas) {
    const ends = [
      [14, "#8ec5f0"],
      [272, "#ffb066"],
    ];
    const gaps = [circle(143, 7, 10), ...ends.map(([x]) => circle(x, 11, 3.2))];
    const route = subtract(stroke(path("M14 11 C70 5.6 216 5.6 272 11"), 1), ...gaps);
    canvas.fill(
      route,
      linear(
        [14, 0],
        [272, 0],
        [
          [0, "#8ec5f0"],
          [0.5, "#ffffff"],
          [1, "#ffb066"],
        ],
      ),
    );
    for (const [x, color] of ends) canvas.fill(subtract(circle(x, 11, 3.2), circle(x, 11, 1.6)), color);
    canvas.fill(place(planeFromAbove(), { x: 143, y: 7, scale: 0.31, rotate: 90 }), "#ffffff");
  },
};

/** In a box of 38 points around the place. */
function drawMark(canvas, { x, y, scale }) {
  const at = (shape) => place(shape, { x, y, scale });
  const fin = polygon(path("M-14 14 C-6 12 -1 4 5 -11 Q6.4 -14.5 10 -14.5 H14.5 C13 -4 13.5 5 16 14 Z"));
  canvas.fill(
    at(subtract(circle(-5, -2, 8.5), place(fin, { x: -2.2, y: -0.6 }))),
    linear([x - 12 * scale, y - 10 * scale], [x, y + 7 * scale], sun),
  );
  canvas.fill(
    at(fin),
    linear(
      [x, y - 14 * scale],
      [x, y + 14 * scale],
      [
        [0, "#ffffff"],
        [1, "#d5e8f8"],
      ],
    ),
  );
  const bands = union(
    stroke(path("M-16 9.5 C-2 8.5 8 4 20 -6"), 2.2),
    stroke(path("M-16 14.2 C0 12 10 8.5 20 0"), 2.2),
  );
  canvas.fill(
    at(intersect(fin, bands)),
    linear(
      [x - 8 * scale, y],
      [x + 14 * scale, y],
      [
        [0, "#ff8a4c"],
        [1, "#2f83c5"],
      ],
    ),
  );
}

/** Nose up, about 40 points long, around the origin. */
function planeFromAbove() {
  const half = path("M0 -20 C2.4 -18 3 -14 3 -10 V-5 L20 6 V10 L3 5.5 V13 L8 17 V20 L0 18");
  const other = half.map(([x, y]) => [-x, y]).reverse();
  return polygon([...half, ...other]);
}
