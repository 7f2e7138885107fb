import { encode } from "uqr";

/** Light squares around the code: scanners need four. */
const QUIET = 4;

/** A QR code as one path; always dark on light, for scanners do not read it the other way round. Error correction M is read from the back row. */
export function QrCode({ link, label }: { link: string; label: string }) {
  const { data, size } = encode(link, { ecc: "M", border: QUIET });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} data-link={link} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#1d0f06" />
    </svg>
  );
}
