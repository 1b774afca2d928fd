import type { PassStyle } from "../pass-model/vocabulary";
import { FieldRows, innerWidth, PrimaryField } from "./pass-fields";
import type { PassPreview } from "./preview";
import { TransitIcon } from "./transit-icon";

type Body = (props: { preview: PassPreview }) => ReturnType<typeof BoardingPassBody>;

/** What stands between the header and the barcode, as Apple lays out each style. */
export const bodies: Record<PassStyle, Body> = {
  boardingPass: BoardingPassBody,
  coupon: StripBody,
  eventTicket: ({ preview }) =>
    preview.images.strip === undefined ? (
      <ThumbnailBody preview={preview} rowsBeside={1} />
    ) : (
      <StripBody preview={preview} />
    ),
  generic: ({ preview }) => <ThumbnailBody preview={preview} rowsBeside={0} />,
  storeCard: StripBody,
};

const transitColumn = 52;
const thumbnailColumn = 104;

function BoardingPassBody({ preview }: { preview: PassPreview }) {
  const [origin, destination] = preview.primary;
  const width = (innerWidth - transitColumn) / 2;
  return (
    <>
      <div class="pass-journey">
        <PrimaryField field={origin} width={width} largest={46} />
        <TransitIcon transitType={preview.transitType ?? "generic"} />
        <PrimaryField field={destination} width={width} largest={46} />
      </div>
      <FieldRows rows={preview.rows} />
    </>
  );
}

function StripBody({ preview }: { preview: PassPreview }) {
  const { strip } = preview.images;
  const [primary] = preview.primary;
  const largest = preview.style === "eventTicket" ? 34 : 50;
  return (
    <>
      <div class={strip === undefined ? "pass-strip is-bare" : "pass-strip"}>
        {strip === undefined ? null : <img src={strip.url} alt="" />}
        <PrimaryField field={primary} largest={largest} labelBelow />
      </div>
      <FieldRows rows={preview.rows} />
    </>
  );
}

function ThumbnailBody({ preview, rowsBeside }: { preview: PassPreview; rowsBeside: number }) {
  const { thumbnail } = preview.images;
  const width = thumbnail === undefined ? innerWidth : innerWidth - thumbnailColumn;
  return (
    <>
      <div class="pass-person">
        <div class="pass-person-text">
          <PrimaryField field={preview.primary[0]} width={width} largest={30} />
          <FieldRows rows={preview.rows.slice(0, rowsBeside)} width={width} />
        </div>
        {thumbnail === undefined ? null : <img class="pass-thumbnail" src={thumbnail.url} alt="" />}
      </div>
      <FieldRows rows={preview.rows.slice(rowsBeside)} />
    </>
  );
}
