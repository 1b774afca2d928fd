import type { PreviewField } from "./preview-fields";
import { estimatedEms, fittingSize } from "./text-size";

/** Width of the card between its margins, in pixels. */
export const innerWidth = 308;

const columnGap = 14;

/** Labels are small capitals: about two thirds of a value's width for the same text. */
const labelRatio = 0.67;

interface FieldProps {
  field: PreviewField;
  /** Font size of the value, in pixels. */
  size: number;
  labelBelow?: boolean;
  /** Gives way before its neighbours where a row is too narrow. */
  long?: boolean;
}

/** A label with its value. The text direction follows each text, the alignment follows the card. */
function Field({ field, size, labelBelow = false, long = false }: FieldProps) {
  return (
    <div class={`pass-field align-${field.align}${labelBelow ? " has-label-below" : ""}${long ? " is-long" : ""}`}>
      <dt dir="auto">{field.label}</dt>
      <dd dir="auto" style={`font-size:${size}px`}>
        {field.text}
      </dd>
    </div>
  );
}

interface FieldRowProps {
  fields: PreviewField[];
  width?: number;
  largest?: number;
  class?: string;
}

/** One row whose values share a size, the largest at which all of them fit side by side. */
export function FieldRow({ fields, width = innerWidth, largest = 19, class: name = "pass-row" }: FieldRowProps) {
  const room = width - columnGap * (fields.length - 1);
  const widths = fields.map(({ label, text }) => Math.max(estimatedEms(text), estimatedEms(label ?? "") * labelRatio));
  const ems = widths.reduce((sum, each) => sum + each, 0);
  const size = Math.min(largest, Math.max(12, Math.floor(room / Math.max(1, ems))));
  return (
    <dl class={name}>
      {fields.map((field, at) => (
        <Field field={field} size={size} long={(widths[at] ?? 0) * size > room / fields.length} />
      ))}
    </dl>
  );
}

export function FieldRows({ rows, width = innerWidth }: { rows: PreviewField[][]; width?: number }) {
  return (
    <>
      {rows.map((fields) => (
        <FieldRow fields={fields} width={width} />
      ))}
    </>
  );
}

interface PrimaryProps {
  field: PreviewField | undefined;
  width?: number;
  largest: number;
  labelBelow?: boolean;
}

/** The one big value. Without a field an empty list keeps its place in the layout. */
export function PrimaryField({ field, width = innerWidth, largest, labelBelow = false }: PrimaryProps) {
  if (field === undefined) return <dl class="pass-primary" />;
  const size = fittingSize(field.text, { width, largest, smallest: 14 });
  return (
    <dl class="pass-primary">
      <Field field={field} size={size} labelBelow={labelBelow} />
    </dl>
  );
}
