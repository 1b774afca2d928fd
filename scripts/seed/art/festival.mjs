import { circle, linear, path, place, polygon, rect, stroke, subtract, union } from "../draw.mjs";

/** Hollowlight Open Air: dusk over a valley, lanterns on a line. */

const dusk = [
  [0, "#140f33"],
  [0.3, "#34206a"],
  [0.52, "#7a2f86"],
  [0.7, "#d1507a"],
  [0.84, "#f58a66"],
  [1, "#ffc98a"],
];

const ridges = [
  {
    color: "#92407f",
    points: "M0 322 L40 296 L66 308 L112 262 L138 284 L168 270 L214 312 L262 276 L304 300 L345 268 V505 H0",
  },
  {
    color: "#5f2c74",
    points: "M0 352 L34 336 L78 352 L128 312 L160 334 L206 346 L250 318 L286 340 L320 322 L345 336 V505 H0",
  },
  { color: "#2b1550", points: "M0 372 C50 352 90 388 150 372 C210 356 250 388 345 360 V505 H0" },
  { color: "#170c33", points: "M0 420 C70 396 150 424 210 412 C270 400 310 408 345 398 V505 H0" },
];

export const festival = {
  icon(canvas) {
    canvas.clear(linear([0, 0], [0, 34], dusk));
    canvas.fill(circle(19, 22, 8.5), "#ffe1a3");
    canvas.fill(polygon(path("M0 29 L9 19 L15 25 L24 15.5 L38 29 V38 H0 Z")), "#5a2a72");
    canvas.fill(polygon(path("M0 31 C10 26 20 34 38 28 V38 H0 Z")), "#1d0f3c");
    canvas.fill(stroke(path("M-2 5 Q19 15 40 5"), 0.8), "#ffe7bd");
    for (const [x, y] of [
      [7, 8.4],
      [19, 10.6],
      [31, 8.4],
    ])
      drawBulb(canvas, x, y + 1.6, 2);
  },

  logo(canvas) {
    drawLantern(canvas, { x: 25, y: 25, scale: 1.12 });
  },

  background(canvas) {
    canvas.clear(linear([0, 0], [0, 372], dusk));
    for (const radius of [112, 78]) canvas.fill(circle(178, 300, radius), "#ffc27a30");
    canvas.fill(
      circle(178, 300, 46),
      linear(
        [0, 254],
        [0, 330],
        [
          [0, "#fff3cf"],
          [1, "#ffc277"],
        ],
      ),
    );
    drawStars(canvas);
    for (const { color, points } of ridges) canvas.fill(polygon(path(points)), color);
    drawStage(canvas, 242, 398);
    drawTrees(canvas);
    drawLights(canvas, "M-8 22 Q150 152 353 34", 8);
    drawLights(canvas, "M-8 96 Q196 190 353 70", 7);
  },

  thumbnail(canvas) {
    canvas.fill(rect(0, 0, 90, 90, 10), linear([0, 0], [0, 90], dusk));
    const frame = rect(0, 0, 90, 90, 10);
    canvas.fill(within(frame, polygon(path("M0 76 L20 58 L34 70 L58 50 L90 78 V90 H0 Z"))), "#5a2a72");
    canvas.fill(within(frame, polygon(path("M0 80 C24 70 52 86 90 74 V90 H0 Z"))), "#1d0f3c");
    canvas.fill(stroke(path("M45 0 V14"), 1.4), "#ffe7bd");
    for (const radius of [35, 27]) canvas.fill(circle(45, 40, radius), "#ffc96b2e");
    drawLantern(canvas, { x: 45, y: 40, scale: 1.2 });
    for (const [x, y, r] of [
      [14, 16, 0.9],
      [26, 30, 0.7],
      [74, 14, 0.9],
      [66, 26, 0.6],
      [80, 36, 0.8],
      [10, 42, 0.7],
    ]) {
      canvas.fill(circle(x, y, r), "#ffffffcc");
    }
  },
};

function within(frame, shape) {
  return { bounds: shape.bounds, distance: (x, y) => Math.max(shape.distance(x, y), frame.distance(x, y)) };
}

/** A paper lantern in a box of about 30 by 42 points around the place. */
function drawLantern(canvas, { x, y, scale }) {
  const at = (shape) => place(shape, { x, y, scale });
  const body = polygon(path("M-7 -14 H7 C17 -9 17 9 7 14 H-7 C-17 9 -17 -9 -7 -14 Z"));
  canvas.fill(
    at(body),
    linear(
      [x, y - 15 * scale],
      [x, y + 15 * scale],
      [
        [0, "#ff9a4d"],
        [0.5, "#ffdf8e"],
        [1, "#ff8e4a"],
      ],
    ),
  );
  const ribs = union(
    stroke(path("M0 -14 V14"), 1),
    stroke(path("M-4 -14 C-9 -6 -9 6 -4 14"), 1),
    stroke(path("M4 -14 C9 -6 9 6 4 14"), 1),
  );
  canvas.fill(at(ribs), "#c9542e90");
  canvas.fill(at(union(rect(-7.5, -17, 15, 3.6, 1.4), rect(-7.5, 13.4, 15, 3.6, 1.4))), "#5b2250");
  canvas.fill(at(subtract(circle(0, -19, 2.8), circle(0, -19, 1.5))), "#ffe7bd");
  canvas.fill(at(stroke(path("M0 17 V22"), 1.4)), "#ffb45e");
}

function drawBulb(canvas, x, y, radius) {
  canvas.fill(circle(x, y, radius * 2.3), "#ffc96b4d");
  canvas.fill(circle(x, y, radius), "#fff0c4");
}

/** A line and its bulbs, evenly along its points. */
function drawLights(canvas, line, count) {
  const points = path(line);
  canvas.fill(stroke(points, 0.9), "#0d0826");
  for (let i = 1; i < count; i++) {
    const at = (i * (points.length - 1)) / count;
    const [[x0, y0], [x1, y1]] = [points[Math.floor(at)], points[Math.ceil(at)]];
    const [x, y] = [x0 + (x1 - x0) * (at % 1), y0 + (y1 - y0) * (at % 1)];
    canvas.fill(rect(x - 1.2, y, 2.4, 4), "#0d0826");
    drawBulb(canvas, x, y + 6.4, 3.4);
  }
}

/** Scattered by a low-discrepancy sequence (Roberts' R2), so that no two drawings differ. */
function drawStars(canvas) {
  for (let i = 1; i <= 32; i++) {
    const x = ((i * 0.7548776662) % 1) * 345;
    const y = ((i * 0.569840291) % 1) * 180 + 4;
    canvas.fill(circle(x, y, 0.45 + ((i * 7) % 5) * 0.14), "#ffffff", { opacity: 0.8 - y / 280 });
  }
}

function drawStage(canvas, x, y) {
  canvas.fill(
    polygon(path(`M${x - 46} ${y + 8} C${x - 44} ${y - 52} ${x + 44} ${y - 52} ${x + 46} ${y + 8} Z`)),
    "#120a2a",
  );
  canvas.fill(
    polygon(path(`M${x - 37} ${y + 8} C${x - 34} ${y - 38} ${x + 34} ${y - 38} ${x + 37} ${y + 8} Z`)),
    linear(
      [0, y - 30],
      [0, y + 8],
      [
        [0, "#ff7f5e"],
        [1, "#ffe3a0"],
      ],
    ),
  );
  for (let i = 1; i < 8; i++) {
    const angle = (Math.PI * (i + 8)) / 8;
    canvas.fill(circle(x + 39 * Math.cos(angle), y + 2 + 36 * Math.sin(angle), 1.5), "#ffd98a");
  }
  canvas.fill(rect(x - 50, y + 4, 100, 5, 1), "#0d0724");
  for (let i = 0; i < 7; i++) drawPerson(canvas, x - 30 + i * 10, y + 5 + ((i * 5) % 3) * 2, i % 3 === 1);
}

/** Someone in the crowd, from behind, in the colour of the hill. */
function drawPerson(canvas, x, y, cheering) {
  const arms = cheering
    ? [
        stroke(
          [
            [x - 3, y - 6],
            [x - 5, y - 15],
          ],
          2,
        ),
        stroke(
          [
            [x + 3, y - 6],
            [x + 5, y - 15],
          ],
          2,
        ),
      ]
    : [];
  canvas.fill(union(circle(x, y - 10, 3), rect(x - 4.4, y - 7, 8.8, 20, 4), ...arms), "#170c33");
}

function drawTrees(canvas) {
  for (const [x, y, height] of [
    [18, 424, 46],
    [38, 422, 34],
    [58, 420, 52],
    [84, 420, 30],
    [322, 412, 44],
    [338, 410, 58],
  ]) {
    const tiers = [0, 0.28, 0.56].map((up, i) => {
      const half = height * (0.26 - i * 0.055);
      return polygon([
        [x - half, y - height * up],
        [x + half, y - height * up],
        [x, y - height * (up + 0.46)],
      ]);
    });
    canvas.fill(union(...tiers, rect(x - 1.4, y - 2, 2.8, 10)), "#170c33");
  }
}
