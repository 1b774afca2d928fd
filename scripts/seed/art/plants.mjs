import { circle, ellipse, linear, path, place, polygon, rect, stroke, subtract, union } from "../draw.mjs";

/** Sprout & Sill: a sprout as its mark, a window sill with house plants and a price tag as its strip. */

const leafGreen = [
  [0, "#5fb37a"],
  [1, "#1f6b46"],
];

export const plants = {
  icon(canvas) {
    canvas.clear(
      linear(
        [0, 0],
        [38, 38],
        [
          [0, "#3f9b68"],
          [1, "#14503a"],
        ],
      ),
    );
    drawSprout(canvas, { x: 19, y: 20, scale: 0.9, color: "#f3faec", pot: "#f4b183" });
  },

  logo(canvas) {
    canvas.fill(
      circle(25, 25, 24),
      linear(
        [0, 0],
        [50, 50],
        [
          [0, "#2f8a5b"],
          [1, "#14503a"],
        ],
      ),
    );
    drawSprout(canvas, { x: 25, y: 26.5, scale: 1, color: "#f3faec", pot: "#f4b183" });
  },

  strip(canvas) {
    canvas.clear(
      linear(
        [0, 0],
        [0, 130],
        [
          [0, "#c3e3c4"],
          [1, "#ddf0d8"],
        ],
      ),
    );
    canvas.fill(
      circle(282, 60, 92),
      linear(
        [282, -32],
        [282, 152],
        [
          [0, "#fffdf0"],
          [1, "#e3f3d8"],
        ],
      ),
      { opacity: 0.75 },
    );
    canvas.fill(
      rect(0, 130, 375, 14),
      linear(
        [0, 130],
        [0, 144],
        [
          [0, "#f7fbf2"],
          [1, "#dcebd5"],
        ],
      ),
    );
    canvas.fill(rect(0, 129.4, 375, 1.2), "#8fbf9a90");
    drawMonstera(canvas, 262);
    drawCactus(canvas, 338);
    drawTag(canvas, { x: 199, y: 101, rotate: -14 });
  },
};

function leafShape(length, width) {
  return polygon(
    path(
      `M0 0 C${width} ${-length * 0.1} ${width} ${-length * 0.7} 0 ${-length} C${-width} ${-length * 0.7} ${-width} ${-length * 0.1} 0 0 Z`,
    ),
  );
}

/** In a box of about 34 points around the place. */
function drawSprout(canvas, { x, y, scale, color, pot }) {
  const at = (shape) => place(shape, { x, y, scale });
  canvas.fill(at(stroke(path("M0 5 C0 -1 0 -4 0.4 -7"), 2.2)), color);
  canvas.fill(at(place(leafShape(15, 8), { x: 0.2, y: -2, rotate: 54 })), color);
  canvas.fill(at(place(leafShape(16.5, 8.5), { x: 0.2, y: -4, rotate: -38 })), color);
  canvas.fill(
    at(union(rect(-9.5, 4, 19, 4.2, 1.2), polygon(path("M-8 7.5 H8 L6 15.5 Q5.8 16 5 16 H-5 Q-5.8 16 -6 15.5 Z")))),
    pot,
  );
}

function drawPot(canvas, x, { width, height, colors, rim }) {
  const top = 131 - height;
  canvas.fill(ellipse(x + 3, 131.5, width * 0.56, 3), "#2d5b4070", { blur: 5 });
  const body = path(
    `M${x - width / 2} ${top} H${x + width / 2} L${x + width * 0.38} 129 Q${x + width * 0.37} 132 ${x + width * 0.3} 132 H${x - width * 0.3} Q${x - width * 0.37} 132 ${x - width * 0.38} 129 Z`,
  );
  canvas.fill(
    polygon(body),
    linear(
      [x - width / 2, 0],
      [x + width / 2, 0],
      colors.map((color, i) => [i, color]),
    ),
  );
  canvas.fill(rect(x - width / 2 - 3, top - 4, width + 6, 10, 2.5), rim);
}

/** A split leaf: a heart without its slits. */
function monsteraLeaf() {
  const heart = polygon(
    path("M0 6 C6 14 26 12 28 -6 C29 -22 12 -36 0 -46 C-12 -36 -29 -22 -28 -6 C-26 12 -6 14 0 6 Z"),
  );
  const slits = [
    [6, -26, 30, -34],
    [8, -14, 34, -17],
    [8, -2, 34, 3],
  ].flatMap(([x0, y0, x1, y1]) =>
    [1, -1].map((side) =>
      polygon([
        [side * x0, y0],
        [side * x1, y1 - 3.4],
        [side * x1, y1 + 3.4],
      ]),
    ),
  );
  return subtract(heart, ...slits);
}

function drawMonstera(canvas, x) {
  const leaves = [
    { x: x - 34, y: 66, rotate: -58, scale: 0.74, stem: `M${x} 100 C${x - 4} 84 ${x - 16} 70 ${x - 34} 66` },
    { x: x + 35, y: 58, rotate: 56, scale: 0.8, stem: `M${x} 100 C${x + 4} 80 ${x + 16} 62 ${x + 35} 58` },
    { x: x + 2, y: 52, rotate: 2, scale: 0.98, stem: `M${x} 100 C${x - 1} 84 ${x} 66 ${x + 2} 52` },
  ];
  const leaf = monsteraLeaf();
  for (const { stem, ...placing } of leaves) {
    canvas.fill(stroke(path(stem), 2.6), "#2c7a50");
    canvas.fill(place(leaf, { ...placing, y: placing.y + 3 }), "#1d513a45", { blur: 3 });
    canvas.fill(place(leaf, placing), linear([0, placing.y - 44], [0, placing.y + 14], leafGreen));
    canvas.fill(place(stroke(path("M0 6 V-40"), 1.3), placing), "#bfe5bd");
  }
  drawPot(canvas, x, { width: 44, height: 34, colors: ["#e99a6b", "#bf6440"], rim: "#d97f54" });
}

function drawCactus(canvas, x) {
  const body = union(
    stroke(path(`M${x} 112 V72`), 18),
    stroke(path(`M${x} 98 H${x + 15} V84`), 8),
    stroke(path(`M${x} 90 H${x - 14} V80`), 7),
  );
  canvas.fill(
    body,
    linear(
      [x - 18, 60],
      [x + 20, 110],
      [
        [0, "#4f9f78"],
        [1, "#1c6650"],
      ],
    ),
  );
  for (const shift of [-4, 1, 6])
    canvas.fill(stroke(path(`M${x + shift} 108 V${68 + Math.abs(shift - 1) * 0.5}`), 0.8), "#bfe5bd80");
  canvas.fill(union(circle(x - 3, 63, 3), circle(x + 3, 63, 3), circle(x, 60.4, 3)), "#f48fa0");
  canvas.fill(circle(x, 62.6, 1.5), "#ffe08a");
  drawPot(canvas, x, { width: 28, height: 22, colors: ["#fdf6ea", "#dccdb4"], rim: "#fffaf0" });
}

/** A price tag with a percent sign, hung on a string. */
function drawTag(canvas, placing) {
  const card = path("M-26 -8 L-16 -17 H24 Q27 -17 27 -14 V14 Q27 17 24 17 H-16 L-26 8 Z");
  const tag = subtract(polygon(card), circle(-17.5, 0, 3));
  canvas.fill(place(tag, { ...placing, y: placing.y + 4 }), "#1d513a66", { blur: 8 });
  canvas.fill(
    place(tag, placing),
    linear(
      [placing.x, placing.y - 18],
      [placing.x, placing.y + 18],
      [
        [0, "#f7885f"],
        [1, "#e0603d"],
      ],
    ),
  );
  canvas.fill(place(stroke(path("M-17.5 0 C-28 -4 -30 -14 -42 -12"), 1.3), placing), "#8a5a3c");
  const percent = union(
    stroke(path("M0.5 9 L12.5 -9"), 2.8),
    subtract(circle(0, -5, 5), circle(0, -5, 2.2)),
    subtract(circle(13, 5, 5), circle(13, 5, 2.2)),
  );
  canvas.fill(place(percent, placing), "#fff8ee");
}
