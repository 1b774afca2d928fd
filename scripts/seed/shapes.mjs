/**
 * Shapes as signed distance fields: `distance(x, y)` is negative inside, positive outside, in points,
 * and never changes faster than the place does; `bounds` is `[left, top, right, bottom]`. The formulas of
 * the primitives are the well-known ones (Inigo Quilez, "2D distance functions").
 */

export function circle(cx, cy, radius) {
  return {
    bounds: [cx - radius, cy - radius, cx + radius, cy + radius],
    distance: (x, y) => Math.hypot(x - cx, y - cy) - radius,
  };
}

export function rect(left, top, width, height, radius = 0) {
  const cx = left + width / 2;
  const cy = top + height / 2;
  return {
    bounds: [left, top, left + width, top + height],
    distance(x, y) {
      const dx = Math.abs(x - cx) - width / 2 + radius;
      const dy = Math.abs(y - cy) - height / 2 + radius;
      return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
    },
  };
}

/** A closed outline of points; even-odd where it crosses itself. */
export function polygon(points) {
  const edges = edgesOf([...points, points[0]]);
  return {
    bounds: boundsOf(points),
    distance(x, y) {
      const inside = crossings(edges, x, y) % 2 === 1;
      const away = Math.sqrt(nearestSquared(edges, x, y));
      return inside ? -away : away;
    },
  };
}

/** A line through points, with round ends and joints. */
export function stroke(points, width) {
  const edges = edgesOf(points);
  return {
    bounds: grow(boundsOf(points), width / 2),
    distance: (x, y) => Math.sqrt(nearestSquared(edges, x, y)) - width / 2,
  };
}

/**
 * The points of an SVG path of absolute `M L H V Q C` commands (one subpath), with curves cut into lines:
 * `polygon(path("M0 0 C…"))` fills it and `stroke(path("M0 0 C…"), 2)` draws it.
 */
export function path(commands) {
  const points = [];
  for (const [, command, list] of commands.matchAll(/([MLHVQC])([^MLHVQCZ]*)/g)) {
    const numbers = list.match(/-?\d*\.?\d+/g).map(Number);
    const [x, y] = points.at(-1) ?? [0, 0];
    if (command === "H") points.push([numbers[0], y]);
    else if (command === "V") points.push([x, numbers[0]]);
    else if (command === "Q" || command === "C") addCurves(points, numbers, command === "Q" ? 2 : 3);
    else for (let i = 0; i < numbers.length; i += 2) points.push([numbers[i], numbers[i + 1]]);
  }
  return points;
}

/** Points of an ellipse, or of the part between two angles (radians, clockwise from the right). */
export function arc(cx, cy, radiusX, radiusY = radiusX, from = 0, to = 2 * Math.PI) {
  const count = Math.max(8, Math.ceil(Math.abs(to - from) * 12));
  return Array.from({ length: count + 1 }, (_, i) => {
    const angle = from + ((to - from) * i) / count;
    return [cx + radiusX * Math.cos(angle), cy + radiusY * Math.sin(angle)];
  });
}

export function ellipse(cx, cy, radiusX, radiusY) {
  return polygon(arc(cx, cy, radiusX, radiusY).slice(0, -1));
}

export function union(...shapes) {
  const [lefts, tops, rights, bottoms] = [0, 1, 2, 3].map((side) => shapes.map(({ bounds }) => bounds[side]));
  return {
    bounds: [Math.min(...lefts), Math.min(...tops), Math.max(...rights), Math.max(...bottoms)],
    distance: (x, y) => shapes.reduce((least, shape) => Math.min(least, shape.distance(x, y)), Infinity),
  };
}

export function intersect(first, second) {
  return {
    bounds: [0, 1, 2, 3].map((side) => (side < 2 ? Math.max : Math.min)(first.bounds[side], second.bounds[side])),
    distance: (x, y) => Math.max(first.distance(x, y), second.distance(x, y)),
  };
}

export function subtract(shape, ...holes) {
  const hole = union(...holes);
  return { bounds: shape.bounds, distance: (x, y) => Math.max(shape.distance(x, y), -hole.distance(x, y)) };
}

/** Mirrors left to right, scales and turns (degrees, clockwise) around the origin, then moves. */
export function place(shape, { x: dx = 0, y: dy = 0, scale = 1, rotate = 0, mirror = false }) {
  const cos = Math.cos((rotate * Math.PI) / 180);
  const sin = Math.sin((rotate * Math.PI) / 180);
  const flip = mirror ? -1 : 1;
  const [left, top, right, bottom] = shape.bounds;
  const corners = [
    [left, top],
    [right, top],
    [left, bottom],
    [right, bottom],
  ].map(([x, y]) => [(flip * x * cos - y * sin) * scale + dx, (flip * x * sin + y * cos) * scale + dy]);
  return {
    bounds: boundsOf(corners),
    distance(x, y) {
      const px = (x - dx) / scale;
      const py = (y - dy) / scale;
      return shape.distance(flip * (px * cos + py * sin), py * cos - px * sin) * scale;
    },
  };
}

function addCurves(points, numbers, degree) {
  for (let i = 0; i < numbers.length; i += degree * 2) {
    const control = [points.at(-1)];
    for (let j = 0; j < degree; j++) control.push([numbers[i + 2 * j], numbers[i + 2 * j + 1]]);
    for (let step = 1; step <= 20; step++) points.push(deCasteljau(control, step / 20));
  }
}

function deCasteljau(control, t) {
  if (control.length === 1) return control[0];
  return deCasteljau(
    control
      .slice(1)
      .map(([x, y], i) => [control[i][0] + (x - control[i][0]) * t, control[i][1] + (y - control[i][1]) * t]),
    t,
  );
}

/** `x, y, dx, dy, 1 / length²` per edge. */
function edgesOf(points) {
  const edges = points.slice(1).map(([x1, y1], i) => {
    const [x0, y0] = points[i];
    return [x0, y0, x1 - x0, y1 - y0, 1 / Math.max((x1 - x0) ** 2 + (y1 - y0) ** 2, 1e-12)];
  });
  return Float64Array.from(edges.flat());
}

function nearestSquared(edges, x, y) {
  let least = Infinity;
  for (let i = 0; i < edges.length; i += 5) {
    const wx = x - edges[i];
    const wy = y - edges[i + 1];
    const along = Math.min(1, Math.max(0, (wx * edges[i + 2] + wy * edges[i + 3]) * edges[i + 4]));
    const bx = wx - edges[i + 2] * along;
    const by = wy - edges[i + 3] * along;
    const squared = bx * bx + by * by;
    if (squared < least) least = squared;
  }
  return least;
}

function crossings(edges, x, y) {
  let count = 0;
  for (let i = 0; i < edges.length; i += 5) {
    const y0 = edges[i + 1];
    const dy = edges[i + 3];
    if (y0 <= y === y0 + dy <= y) continue;
    if (x < edges[i] + (edges[i + 2] * (y - y0)) / dy) count++;
  }
  return count;
}

function boundsOf(points) {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function grow([left, top, right, bottom], by) {
  return [left - by, top - by, right + by, bottom + by];
}
