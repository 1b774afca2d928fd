import { solid } from "./paint.mjs";
import { encodePng } from "./png.mjs";

/**
 * A drawing kit without dependencies for the demo's pictures. A canvas is measured in points and drawn at
 * a pixel density, so one drawing gives all three sizes; shapes are distance fields (`shapes.mjs`), which
 * makes a smooth edge and a soft shadow the same thing.
 */
export * from "./paint.mjs";
export * from "./shapes.mjs";
export { encodePng };

export class Canvas {
  /** Transparent; the size in points, `density` pixels per point. */
  constructor(width, height, density = 1) {
    this.size = [width, height];
    this.density = density;
    this.width = Math.round(width * density);
    this.height = Math.round(height * density);
    this.pixels = new Uint8ClampedArray(this.width * this.height * 4);
  }

  /**
   * Paints a shape over what is there. `paint` is a paint or a `#rrggbb[aa]`; `blur` is the width in points
   * over which the edge fades, half of it on either side.
   */
  fill(shape, paint, { opacity = 1, blur = 0 } = {}) {
    const color = typeof paint === "string" ? solid(paint) : paint;
    const edge = Math.max(blur * this.density, 1);
    const margin = edge / 2 / this.density;
    // Fewer distinct colours along an edge make much smaller files, and nobody sees it.
    const levels = blur > 0 ? 24 : 5;
    const [left, top, right, bottom] = shape.bounds;
    const rows = range(top - margin, bottom + margin, this.density, this.height);
    const columns = range(left - margin, right + margin, this.density, this.width);
    for (let row = rows.from; row < rows.to; row++) {
      const y = (row + 0.5) / this.density;
      for (let column = columns.from; column < columns.to;) {
        const distance = shape.distance((column + 0.5) / this.density, y) * this.density;
        // A distance field changes by at most one per pixel: this far from the border, all neighbours are alike.
        const sure = Math.max(1, Math.floor(Math.abs(distance) - edge / 2));
        const coverage = Math.round(Math.min(1, Math.max(0, 0.5 - distance / edge)) * levels) / levels;
        const end = Math.min(column + sure, columns.to);
        if (coverage > 0) this.#blend(row, column, end, color, coverage * opacity);
        column = end;
      }
    }
    return this;
  }

  /** Paints the whole canvas. */
  clear(paint) {
    const color = typeof paint === "string" ? solid(paint) : paint;
    for (let row = 0; row < this.height; row++) this.#blend(row, 0, this.width, color, 1);
    return this;
  }

  toPng() {
    return encodePng(this);
  }

  /** "Source over" of straight alpha (W3C Compositing and Blending, 5.1), for a run of one row. */
  #blend(row, from, to, color, coverage) {
    const { pixels, density } = this;
    const y = (row + 0.5) / density;
    const source = [0, 0, 0, 0];
    for (let column = from, at = (row * this.width + from) * 4; column < to; column++, at += 4) {
      color((column + 0.5) / density, y, source);
      const alpha = source[3] * coverage;
      if (alpha === 1) {
        pixels[at] = source[0];
        pixels[at + 1] = source[1];
        pixels[at + 2] = source[2];
        pixels[at + 3] = 255;
        continue;
      }
      const below = (pixels[at + 3] / 255) * (1 - alpha);
      const total = alpha + below;
      if (total === 0) continue;
      pixels[at] = (source[0] * alpha + pixels[at] * below) / total;
      pixels[at + 1] = (source[1] * alpha + pixels[at + 1] * below) / total;
      pixels[at + 2] = (source[2] * alpha + pixels[at + 2] * below) / total;
      pixels[at + 3] = total * 255;
    }
  }
}

/** The pixels that an interval in points touches, cut to the canvas. */
function range(low, high, density, limit) {
  return {
    from: Math.max(0, Math.floor(low * density)),
    to: Math.min(limit, Math.ceil(high * density)),
  };
}
