import type { TransitType } from "../pass-model/vocabulary";

/** Silhouettes on a 48 by 48 grid, pointing the way of travel: from the first field to the second. */
const outlines: Record<TransitType, string> = {
  air: "M45 24c0-2.2-2.6-3.6-6-3.6h-9.6L18.6 4.6h-4.4l5.2 15.8H10l-3.8-5H3l2.2 8.6L3 32.6h3.2l3.8-5h9.4l-5.2 15.8h4.4l10.8-15.8H39c3.4 0 6-1.4 6-3.6Z",
  boat: "M20 5h8v4h7v10.2l6 2-3.9 14.2a7 7 0 0 1-4.6 2 7 7 0 0 1-4.8-2 5.4 5.4 0 0 1-7.4 0 7 7 0 0 1-4.8 2 7 7 0 0 1-4.6-2L7 21.2l6-2V9h7V5Zm-3 8v4.9l7-2.3 7 2.3V13H17ZM5 39.4c2.4 0 4.4-.8 6-2.2a9.7 9.7 0 0 0 9.4 1.2 9 9 0 0 0 7.2 0A9.7 9.7 0 0 0 37 37.200c1.600 1.400 3.600 2.200 6 2.200V43a12 12 0 0 1-6.200-1.700 13 13 0 0 1-9 .9 13 13 0 0 1-7.600 0 13 13 0 0 1-9-.9A12 12 0 0 1 5 43v-3.600Z",
  bus: "M9 9a5 5 0 0 1 5-5h20a5 5 0 0 1 5 5v4h2.500a1.500 1.500 0 0 1 1.500 1.500v7a1.500 1.500 0 0 1-1.500 1.500H39v13a3 3 0 0 1-2 2.800V42a2 2 0 0 1-2 2h-2a2 2 0 0 1-2-2v-3H17v3a2 2 0 0 1-2 2h-2a2 2 0 0 1-2-2v-3.200A3 3 0 0 1 9 36V23H6.500A1.500 1.500 0 0 1 5 21.500v-7A1.500 1.500 0 0 1 6.500 13H9V9Zm4 3v13h22V12H13Zm4-5v2h14V7H17Zm-1 22a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5Zm16 0a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5Z",
  generic: "M6 21h25.200l-9.600-9.600L25.800 7 43 24 25.800 41l-4.200-4.400 9.600-9.600H6v-6Z",
  train:
    "M14 4h20a6 6 0 0 1 6 6v21a6 6 0 0 1-5 5.900l4.500 7.100H35l-2.500-4h-17L13 44H8.500l4.500-7.100A6 6 0 0 1 8 31V10a6 6 0 0 1 6-6Zm-2 8v9h24v-9H12Zm7-5v2h10V7H19Zm-2.500 19a3 3 0 1 0 0 6 3 3 0 0 0 0-6Zm15 0a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z",
};

export function TransitIcon({ transitType }: { transitType: TransitType }) {
  return (
    <svg class="pass-transit" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <path fill="currentColor" fill-rule="evenodd" d={outlines[transitType]} />
    </svg>
  );
}
