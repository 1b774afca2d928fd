import { fault, type PictureFault } from "./picture-limits";
import type { XmlElement } from "./xml";

/** `<use>` draws another part of the file once more: ten lines of it can ask for a thousand million elements. */

const expandedMax = 10_000;
/** Of uses inside of what is used. */
const chainMax = 200;

const isUse = ({ name }: XmlElement): boolean => name.slice(name.indexOf(":") + 1).toLowerCase() === "use";

const tooMany = fault("image_too_complex", `the SVG repeats its parts to more than ${expandedMax} elements`);
const circular = fault("image_too_complex", "the SVG repeats a part inside of itself");
const tooDeep = fault("image_too_complex", `the SVG repeats parts inside of each other, more than ${chainMax} deep`);

/** `elements` in the order of the file. Counts what the uses draw, each part once, however often it is used. */
export function usesFault(elements: XmlElement[]): PictureFault | null {
  const indexes = new Map<string, number>();
  elements.forEach(({ attributes }, index) => {
    const id = attributes.find(({ name }) => name === "id")?.value;
    if (id !== undefined && !indexes.has(id)) indexes.set(id, index);
  });
  const targetOf = ({ attributes }: XmlElement): number | undefined => {
    const reference =
      attributes.find(({ name }) => name === "href") ?? attributes.find(({ name }) => name.endsWith(":href"));
    return reference && indexes.get(reference.value.trim().slice(1));
  };
  const counted = new Map<number, number>();
  const open = new Set<number>();

  /** How many elements one drawing of the part is. */
  const count = (start: number): number | PictureFault => {
    const known = counted.get(start);
    if (known !== undefined) return known;
    if (open.has(start)) return circular;
    if (open.size === chainMax) return tooDeep;
    open.add(start);
    let sum = 0;
    let index = start;
    do {
      const drawn = repeated(index);
      if (typeof drawn !== "number") return drawn;
      sum += 1 + drawn;
      if (sum > expandedMax) return tooMany;
      index += 1;
    } while (index < elements.length && elements[index]!.depth > elements[start]!.depth);
    open.delete(start);
    counted.set(start, sum);
    return sum;
  };

  const repeated = (index: number): number | PictureFault => {
    const element = elements[index]!;
    const target = isUse(element) ? targetOf(element) : undefined;
    return target === undefined ? 0 : count(target);
  };

  let sum = 0;
  for (let index = 0; index < elements.length; index += 1) {
    const drawn = repeated(index);
    if (typeof drawn !== "number") return drawn;
    sum += drawn;
    if (sum > expandedMax) return tooMany;
  }
  return null;
}
