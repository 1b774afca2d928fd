import {
  arc,
  circle,
  ellipse,
  intersect,
  linear,
  path,
  place,
  polygon,
  rect,
  stroke,
  subtract,
  union,
} from "../draw.mjs";

/** Fern & Finch Coffee: a cup seen from the side as its mark, a cup with a poured fern on its strip. */

const cream = "#fff1dc";

export const coffee = {
  icon(canvas) {
    canvas.clear(
      linear(
        [0, 0],
        [38, 38],
        [
          [0, "#6b3f2a"],
          [1, "#2d1813"],
        ],
      ),
    );
    drawCup(canvas, { x: 19, y: 20, scale: 0.8, color: cream, leaf: "#7a4a2e" });
  },

  logo(canvas) {
    canvas.fill(
      circle(25, 25, 24),
      linear(
        [0, 0],
        [50, 50],
        [
          [0, "#fff6e8"],
          [1, "#f1d9b4"],
        ],
      ),
    );
    drawCup(canvas, { x: 25, y: 26.5, scale: 0.86, color: "#4a2a1c", leaf: "#f4dfbf" });
  },

  strip(canvas) {
    canvas.clear(
      linear(
        [0, 0],
        [0, 144],
        [
          [0, "#34201a"],
          [1, "#55301f"],
        ],
      ),
    );
    for (const y of [35, 72, 109]) {
      canvas.fill(rect(0, y, 375, 1.4), "#1f100b90");
      canvas.fill(rect(0, y + 1.4, 375, 0.8), "#ffffff0d");
    }
    drawBean(canvas, { x: 176, y: 116, rotate: 25, scale: 0.9 });
    drawBean(canvas, { x: 196, y: 129, rotate: -50, scale: 0.8 });
    drawBean(canvas, { x: 163, y: 26, rotate: -20, scale: 0.75 });
    drawCupFromAbove(canvas, 290, 70);
  },
};

/** The cup in a box of about 38 points around the place. */
function drawCup(canvas, { x, y, scale, color, leaf }) {
  const at = (shape) => place(shape, { x, y, scale });
  const body = path("M-12 -6 H9 C9.4 5 6 12 -1.5 12 C-9 12 -12.4 5 -12 -6 Z");
  const handle = subtract(ellipse(9.5, -0.5, 6.2, 5.6), ellipse(9.3, -0.5, 3.6, 3.1));
  canvas.fill(at(union(polygon(body), handle)), color);
  canvas.fill(at(rect(-14, 14, 25, 2.6, 1.3)), color);
  canvas.fill(at(polygon(path("M-6.5 7.5 C-7 0 -2.5 -3 3.5 -3 C3.8 3.5 0.5 8 -6.5 7.5 Z"))), leaf);
  canvas.fill(at(stroke(path("M-6.4 7.8 Q-3.5 2.5 0.8 -0.6"), 1.1)), color);
  for (const shift of [-5.4, 1.6]) {
    canvas.fill(at(stroke(path(`M${shift} -9.5 C${shift - 3} -12 ${shift + 3} -14 ${shift} -17`), 1.9)), color);
  }
}

function drawBean(canvas, placing) {
  const bean = place(ellipse(0, 0, 11, 7.6), placing);
  canvas.fill(place(ellipse(1, 3, 11, 7.6), placing), "#1a0d0899", { blur: 5 });
  canvas.fill(
    bean,
    linear(
      [placing.x, placing.y - 8],
      [placing.x, placing.y + 8],
      [
        [0, "#8d5632"],
        [1, "#4d2a18"],
      ],
    ),
  );
  canvas.fill(place(stroke(path("M-10 1.5 C-4 -3.5 3 3.5 10 -1.5"), 1.5), placing), "#2b150c");
}

function drawCupFromAbove(canvas, x, y) {
  const light = (from, to, colors) =>
    linear(
      [0, y + from],
      [0, y + to],
      colors.map((color, i) => [i, color]),
    );
  canvas.fill(circle(x + 3, y + 7, 85), "#160a0666", { blur: 8 });
  canvas.fill(circle(x, y, 84), light(-72, 74, ["#fff8ec", "#dcc19b"]));
  canvas.fill(circle(x, y, 73), light(-72, 74, ["#e0c7a2", "#f5e5ca"]));
  const handle = place(rect(40, -8.5, 46, 17, 8), { x, y, rotate: 38 });
  const shadow = union(place(handle, { x: 2, y: 5 }), circle(x + 2, y + 6, 57.5));
  canvas.fill(shadow, "#5a341c66", { blur: 6 });
  canvas.fill(handle, light(20, 64, ["#fff8ec", "#e3caa4"]));
  canvas.fill(circle(x, y, 57), light(-57, 57, ["#fffdf8", "#ecd8b8"]));
  const surface = circle(x, y, 50.5);
  canvas.fill(surface, "#64361c");
  canvas.fill(circle(x, y + 1, 48.4), "#7d4425");
  canvas.fill(circle(x, y + 1.6, 46), "#93542e");
  drawFern(canvas, surface, x, y);
  canvas.fill(stroke(arc(x, y, 53.8, 53.8, Math.PI * 1.08, Math.PI * 1.42), 2), "#ffffff");
}

/** Milk poured as a fern: leaves in pairs along a stem, each between two circles of the last one. */
function drawFern(canvas, surface, x, y) {
  const placing = { x, y: y + 1, rotate: -24, scale: 0.96 };
  const leaves = [
    [26, 30, 10],
    [14, 33, 11],
    [2, 31, 10.5],
    [-9, 26, 9.5],
    [-19, 19, 8],
    [-28, 11, 6.5],
  ];
  for (const [base, width, thick] of leaves) {
    for (const mirror of [false, true]) {
      const leaf = path(
        `M0 ${base + 6} C${width * 0.5} ${base + 5} ${width * 0.95} ${base - 4} ${width} ${base - 17}` +
          ` C${width * 0.72} ${base - 12} ${width * 0.35} ${base - thick + 2} 0 ${base - 3.5} Z`,
      );
      canvas.fill(intersect(place(place(polygon(leaf), { mirror }), placing), surface), cream);
    }
  }
  canvas.fill(place(polygon(path("M0 -30 C5.5 -33 5.5 -39 0 -47 C-5.5 -39 -5.5 -33 0 -30 Z")), placing), cream);
  canvas.fill(place(stroke(path("M0 40 V-30"), 1.3), placing), "#a1622f");
}
