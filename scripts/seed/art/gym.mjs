import { circle, ellipse, intersect, linear, path, place, polygon, rect, subtract, union } from "../draw.mjs";

/** Kettle & Chalk: a kettlebell as its mark, a dumbbell as its icon, a member's portrait as a silhouette. */

const lime = [
  [0, "#dcfb6b"],
  [1, "#a4d92f"],
];

export const gym = {
  icon(canvas) {
    canvas.clear(
      linear(
        [0, 0],
        [38, 38],
        [
          [0, "#343a47"],
          [1, "#121419"],
        ],
      ),
    );
    const placing = { x: 19, y: 19, rotate: -35 };
    canvas.fill(place(dumbbell(), placing), linear([0, 6], [0, 32], lime));
  },

  logo(canvas) {
    const body = subtract(
      union(circle(25, 31, 16.5), subtract(rect(13.5, 3, 23, 26, 10), rect(18.5, 8, 13, 18, 6))),
      rect(10, 46.2, 30, 6),
    );
    canvas.fill(body, linear([0, 3], [0, 47], lime));
    const bolt = polygon(path("M27.5 21.5 L17.5 33 H24 L22 41.5 L32.5 29.5 H26 Z"));
    canvas.fill(bolt, "#16181d");
  },

  thumbnail(canvas) {
    const frame = rect(0, 0, 90, 90, 10);
    canvas.fill(
      frame,
      linear(
        [0, 0],
        [0, 90],
        [
          [0, "#dff59a"],
          [1, "#9ccc45"],
        ],
      ),
    );
    canvas.fill(circle(45, 42, 35), "#f6ffd870");
    drawPortrait(canvas, frame);
  },
};

function dumbbell() {
  const plates = [-1, 1].flatMap((side) => [
    rect(side * 8.6 - 2, -8.5, 4, 17, 1.6),
    rect(side * 13 - 1.6, -5.6, 3.2, 11.2, 1.4),
  ]);
  return union(rect(-8, -1.7, 16, 3.4), ...plates);
}

function drawPortrait(canvas, frame) {
  const shirt = polygon(path("M8 92 C9 73 22 68 35 65 H55 C68 68 81 73 82 92 Z"));
  const neck = polygon(path("M37 52 H53 V66 C50 72 40 72 37 66 Z"));
  canvas.fill(
    intersect(shirt, frame),
    linear(
      [0, 64],
      [0, 90],
      [
        [0, "#2f3643"],
        [1, "#171a20"],
      ],
    ),
  );
  canvas.fill(neck, "#c98a63");
  canvas.fill(intersect(polygon(path("M37 52 H53 V57 C50 65 40 65 37 57 Z")), neck), "#a86c49");
  canvas.fill(circle(45, 19.5, 8), "#2b1d1a");
  canvas.fill(ellipse(45, 39, 17.5, 19), "#2b1d1a");
  canvas.fill(
    ellipse(45, 43.5, 13.4, 16.2),
    linear(
      [32, 30],
      [58, 60],
      [
        [0, "#e3ab83"],
        [1, "#cf9068"],
      ],
    ),
  );
  canvas.fill(
    intersect(
      polygon(path("M30 46 C30 26 38 22 46 22 C56 22 60 30 60 46 C58 38 54 34 50 32 C44 38 36 38 32 40 Z")),
      ellipse(45, 39, 17.5, 19),
    ),
    "#2b1d1a",
  );
}
